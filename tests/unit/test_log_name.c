/* input/: which names are those of logs. */
#include "input/log_name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void assert_all(const char *const *names, size_t count, enum log_name expected,
		       enum log_name (*judge)(const char *name))
{
	for (size_t i = 0; i < count; i++)
		if (judge(names[i]) != expected)
			fail_msg("%s: %d, expected %d", names[i], judge(names[i]), expected);
}

#define ASSERT_ALL(expected, judge, ...)                                                                                    \
	do {                                                                                                                \
		static const char *const names[] = { __VA_ARGS__ };                                                         \
		assert_all(names, sizeof names / sizeof *names, expected, judge);                                           \
	} while (0)

static void test_kernel_logs(void **state)
{
	(void)state;
	ASSERT_ALL(LOG_NAME_KERNEL, log_name_of, "dmesg", "dmesg.txt", "dmesg.202306051200", "dmesg.0", "dmesg-web1",
		   "dmesg_-T", "dmesg.gz", "vmcore-dmesg.txt", "vmcore-dmesg.txt.1", "vmcore-dmesg-incomplete.txt",
		   "console", "console.log", "console.log.1", "Console.TXT", "netconsole-10.0.0.1.log.xz", "screenlog.0",
		   "kmsg", "web1.kmsg", "web1.dmesg", "web1.syslog", "web1.console.zst", "crash.log", "anything.log",
		   "anything.log-20230605.gz", "a.log.bz2", "a.log.lz4", "a.log.1.gz", "a.log.old", "kernel-panic.txt",
		   "oops.txt", "oops-1", "web1.oops");
}

static void test_system_logs(void **state)
{
	(void)state;
	ASSERT_ALL(LOG_NAME_SYSTEM, log_name_of, "messages", "messages.1", "messages-20230605", "messages-20230605.gz",
		   "messages-20230605-153000.xz", "messages.20230605.bz2", "messages.txt", "syslog", "syslog.7.gz",
		   "syslog.log", "kern.log", "kern.log.1", "kern.log.4.gz", "kernel.log", "warn", "warn-20230605.xz",
		   "var.log.messages.tailed", "journalctl_--no-pager_--boot");
}

static void test_archives(void **state)
{
	(void)state;
	ASSERT_ALL(LOG_NAME_ARCHIVE, log_name_of, "a.tar", "sosreport-web1-2023-06-05-abcdefg.tar.xz", "a.tar.gz",
		   "a.tar.zst", "a.tar.bz2", "a.tar.lz4", "scc_web1_230605_1200.txz", "nts_web1.tbz", "a.tbz2", "a.tgz",
		   "a.tzst", "console.tar.xz", "A.TAR.XZ", "a.tar.xz.1");
}

static void test_pieces_of_pstore(void **state)
{
	(void)state;
	ASSERT_ALL(LOG_NAME_PSTORE, log_name_of, "dmesg-efi-165467616416001", "dmesg-efi_pstore-165467616416001.enc.z",
		   "dmesg-erst-7105812389123849217", "dmesg-ramoops-0", "console-ramoops-0", "console-ramoops",
		   "dmesg-nvram-2");
}

static void test_others(void **state)
{
	char name[300];

	(void)state;
	ASSERT_ALL(LOG_NAME_NONE, log_name_of, "", ".", "..", "vmcore", "vmcore.gz", "dump.202306051200", "core", "README",
		   "README.txt", "readme-crash.txt", "dmesg.json", "dmesg.html", "console.yaml", "console.py", "oops.c",
		   "console.conf", "messages.po", "kexec-dmesg.log", "kexec-dmesg.log.gz", "kdump.log", "notes.txt", "a.txt",
		   "a.tar.xz.md5", "a.tar.xz.sha256", "dmesg.asc", "dmesg~", ".dmesg.swp", ".messages", "a.gz", "1",
		   "20230605", "-20230605", ".1", "lastlog", "wtmp", "warning", "kernel", "dmesg.part",
		   "linux-image-6.1.0.crash");
	memset(name, 'a', sizeof name);
	strcpy(name + sizeof name - 5, ".log");
	assert_int_equal(log_name_of(name), LOG_NAME_NONE);
	assert_int_equal(log_name_of(name + sizeof name - 256), LOG_NAME_KERNEL);
}

static void test_in_archives(void **state)
{
	(void)state;
	ASSERT_ALL(LOG_NAME_SYSTEM, log_name_in_archive, "messages", "sosreport-a/var/log/messages-20230605.gz",
		   "scc_a/messages.txt", "sosreport-a/sos_strings/logs/var.log.messages.tailed",
		   "sosreport-a/sos_commands/logs/journalctl_--no-pager_--catalog_--boot");
	ASSERT_ALL(LOG_NAME_KERNEL, log_name_in_archive, "dmesg", "sosreport-a/sos_commands/kernel/dmesg_-T",
		   "scc_a/boot.txt", "scc_a/crash.txt", "sosreport-a/var/crash/127.0.0.1/vmcore-dmesg.txt",
		   "var/log/console.log", "a/var/crash/oem.log", "a/var/consoles/web1.log.1", "serial/web1.txt",
		   "./sosreport-a/x/kernel.txt");
	/* Most logs and texts of a machine have nothing of the kernel; a host's name may be any word. */
	ASSERT_ALL(LOG_NAME_NONE, log_name_in_archive, "var/log/yum.log", "var/log/boot.log", "a/etc/notes.txt",
		   "sosreport-crash-2023/var/log/yum.log", "scc_console_2023/rpm.txt", "./nts_kernel_1/hardware.txt",
		   "a/var/crash/127.0.0.1/kexec-dmesg.log", "a/var/crash/127.0.0.1/README.txt", "messages/", "a/dmesg/", "",
		   "//", "a/var/crash/127.0.0.1/vmcore");
	ASSERT_ALL(LOG_NAME_PSTORE, log_name_in_archive, "a/sys/fs/pstore/dmesg-erst-1");
	ASSERT_ALL(LOG_NAME_ARCHIVE, log_name_in_archive, "sos-collector/sosreport-a.tar.xz");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kernel_logs), cmocka_unit_test(test_system_logs),
		cmocka_unit_test(test_archives),    cmocka_unit_test(test_pieces_of_pstore),
		cmocka_unit_test(test_others),      cmocka_unit_test(test_in_archives),
	};

	return cmocka_run_group_tests_name("log_name", tests, NULL, NULL);
}
