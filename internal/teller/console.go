package teller

import "regexp"

// milestone finds the lines of a console that tell where a boot is: the first line of each stage, a
// kernel's beginning and its first program, and what went wrong. A kernel prints hundreds of others.
var milestone = regexp.MustCompile(`` +
	`^SeaBIOS \(version |^iPXE \d|^UEFI firmware|^>>Start |^BdsDxe: (loading|starting|failed)` + // firmware
	`|^(PXE|SYS|ISO)LINUX \d|GNU GRUB +version|^bootrig: ` + // boot programs
	`|Linux version \d|\(XEN\) Xen version|Run /init |login: *$` + // kernels
	`|PXE-[ET][0-9A-F]{2}|http://ipxe\.org/[0-9a-f]{8}|Kernel panic|Panic on CPU|^the machine `) // ends

// Milestone tells whether a line of a console is one of those.
func Milestone(line string) bool { return milestone.MatchString(line) }
