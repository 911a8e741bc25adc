#!/bin/sh
# A stand-in for an installer. It does what a real one does first, and tells it on the serial line, whatever the
# kernel's command line says of consoles.
export PATH=/bin:/sbin:/usr/bin:/usr/sbin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev

# Xen's console, an ARM machine's and a PC's: the first that takes a line.
say() {
	for tty in hvc0 ttyAMA0 ttyS0; do
		[ -c /dev/$tty ] && (echo "installer: $*" >/dev/$tty) 2>/dev/null && return
	done
}

# The value of NAME= on the kernel's command line.
argument() {
	for word in $(cat /proc/cmdline); do
		case $word in "$1"=*) echo "${word#*=}" ;; esac
	done
}

network() {
	for module in e1000 virtio_pci virtio_net; do modprobe $module 2>/dev/null; done
	for try in 1 2 3 4 5 6 7 8 9 10; do
		card=$(ls /sys/class/net | grep -v '^lo$' | head -n 1)
		[ -n "$card" ] && break
		sleep 1
	done
	udhcpc -n -q -i "$card" >/dev/null 2>&1 || say "no address for '$card'"
}

# fetch URL FILE
fetch() {
	if wget -q -O "$2" "$1"; then
		say "fetched $1: $(wc -c <"$2") bytes"
	else
		say "cannot fetch $1"
		rm -f "$2"
	fi
}

# Whether FILE is an ISO image (ECMA-119, 8.1: its first descriptor).
image() {
	[ -f "$1" ] || { say "there is no $1"; return; }
	mark=$(dd if="$1" bs=1 skip=32769 count=5 2>/dev/null)
	say "$1 is $(wc -c <"$1") bytes of $mark"
}

end() {
	say "done"
	poweroff -f
	sleep 60
}

say "$(uname -m), started with: $(cat /proc/cmdline)"
