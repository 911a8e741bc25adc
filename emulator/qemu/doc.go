// Package qemu runs real guests: a QEMU machine with SeaBIOS and the real iPXE ROM, with EDK2's OVMF or AAVMF, or U-Boot,
// plugged into the lab by a socket.
//
// Usage: Start takes a Spec (what the machine is) and a Wire (one end of a socket pair whose other
// end the lab's switch reads: each frame is preceded by its length, four bytes, big endian). A lab's Socket
// makes one, and Start closes it. No namespace and no root is needed for that. Expect waits for a line. Facts
// come to Config.Events: every line of the serial console, the command lines kernels print, known
// texts of failure with their cause. Key presses keys, Screenshot makes a PNG, Tail gives the last
// lines, Command a line to paste that starts the same machine by hand.
//
// Firmware is what this host has installed, or as NAME@VERSION what lies below Spec.Sets: Debian's packages of that
// version, unpacked into PACKAGE@VERSION.
//
// Cancellation: the machine ends with the context given to Start, with Stop, and with the process
// that started it, whatever kills that. Wait returns when everything of it is gone.
//
// Limitations: one network card; the screen is read only when it is in text mode.
//
// Why sockets for everything: network, monitor and serial line are inherited file descriptors, so a
// machine needs no TAP, no path, no name, and leaves nothing behind.
//
// Why the firmware's serial console: SeaBIOS copies what BIOS programs print with int 10h to COM1
// when the machine has no display of its own (`-machine graphics=off`; SeaBIOS src/sercon.c). That
// is how iPXE, pxelinux and mboot.c32 are heard. It stops by itself at the first VESA mode, so
// vesamenu.c32 is not disturbed. OVMF writes to all its consoles, the serial line among them. What a
// program says on the serial port and on the screen at once is told once. While the line is silent the
// screen is read, as a kernel without console=ttyS0 leaves its panic there alone.
package qemu
