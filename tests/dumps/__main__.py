"""python3 tests/dumps list | KERNEL CONTAINER FILE... | variant TARGET NUMBER FILE"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from dumps import containers, kernels, lies, variants    # noqa: E402

def main(arguments):
    if arguments == ["list"]:
        print("kernels:", *kernels.KERNELS)
        print("containers:", *containers.FORMS, "large-elf", "large-kdump")
        print("variants of:", *variants.TARGETS)
    elif len(arguments) == 4 and arguments[0] == "variant":
        content, told = variants.variant(arguments[1], int(arguments[2]))
        pathlib.Path(arguments[3]).write_bytes(content)
        print(told)
    elif len(arguments) == 3 and arguments[1].startswith("large-"):
        (lies.large_elf if arguments[1] == "large-elf" else lies.large_diskdump)(arguments[2], arguments[0])
    elif len(arguments) >= 3 and arguments[0] in kernels.KERNELS and arguments[1] in containers.FORMS:
        contents = containers.FORMS[arguments[1]](kernels.made(arguments[0]).machine)
        for path, content in zip(arguments[2:], contents, strict=True):
            pathlib.Path(path).write_bytes(content)
    else:
        sys.exit(__doc__)


main(sys.argv[1:])
