/* What those who capture consoles put in front of a line, and what vendors' kernels put behind printk's stamp. */
#ifndef LOG_CONSOLE_H
#define LOG_CONSOLE_H

#include "base/text.h"
#include "log/log.h"
#include "log/wrapping.h"

#include <stdbool.h>

/* Does a record begin here that names its own time: printk's stamp, perhaps with a level in front, or the header of the
 * extended form? */
bool console_is_stamped(struct text t);

/*
 * The forms that are no syslog's: times of conserver, ipmitool's and virtual machines' captures; hosts and addresses in
 * front of what netconsole sends; Xen's hypervisor and guests; marks between a ramoops' records.
 */
enum wrapping_verdict console_strip(struct text *line, struct record *record, struct wrappings *known);

/*
 * The CPU and task that kernels of telephones print behind the stamp. Sets the caller where printk's own does not stand; the
 * task 0 is its CPU's idle one, and the caller that CPU. False: there is none.
 */
bool console_eat_vendor(struct text *t, struct record *record);

#endif
