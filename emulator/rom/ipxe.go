package rom

import (
	"strings"
	"time"

	"github.com/bootrig/bootrig/emulator/retry"
)

// ipxeBIOS is the iPXE option ROM of Debian 12's QEMU e1000 (package ipxe-qemu).
func ipxeBIOS() Profile {
	p := ipxe()
	p.Name = "ipxe-bios"
	p.Citation = "testdata/captures A, C and ipxe-bios-http; " + p.Citation
	p.Class, p.Chip = "PXEClient:Arch:00000:UNDI:002001", "82540em"
	p.UNDI = [3]byte{1, 2, 1}
	// Bus id (PCI 8086:100e, the e1000), version 1.0.0, then one flag for each feature built in.
	p.Features = []byte{0xb1, 5, 1, 0x80, 0x86, 0x10, 0x0e, 0xeb, 3, 1, 0, 0,
		0x17, 1, 1, 0x22, 1, 1, 0x13, 1, 1, 0x11, 1, 1, 0x27, 1, 1, 0x19, 1, 1, 0x29, 1, 1,
		0x10, 1, 2, 0x21, 1, 1, 0x15, 1, 1, 0x18, 1, 1, 0x12, 1, 1}
	p.Lines.Loaded = append(p.Lines.Loaded, "{base} : {size} bytes [PXE-NBP]")
	return p
}

// ipxeEFI is the same for UEFI in the ROM of QEMU's virtio-net-pci: EDK2 leaves PXE to it.
func ipxeEFI() Profile {
	p := ipxe()
	p.Name = "ipxe-efi"
	p.Citation = "testdata/captures ipxe-efi-redirect, ipxe-efi-direct and ipxe-efi-http; " + p.Citation
	p.Arch, p.Machine = 7, peX64
	p.Class = "PXEClient:Arch:00007:UNDI:003010"
	p.UNDI = [3]byte{1, 3, 10}
	p.Features = []byte{0xb1, 5, 1, 0x1a, 0xf4, 0x10, 0x00, 0xeb, 3, 1, 0, 0,
		0x17, 1, 1, 0x24, 1, 1, 0x13, 1, 1, 0x11, 1, 1, 0x27, 1, 1, 0x29, 1, 1, 0x15, 1, 1, 0x12, 1, 1}
	p.Lines.Loaded = append(p.Lines.Loaded, "{base} : {size} bytes [EFI]")
	for _, texts := range []map[Reason]string{p.Texts, p.HTTP.Texts} {
		for reason, text := range texts {
			texts[reason] = efiNumber(text)
		}
	}
	return p
}

// efiNumber puts the platform of an EFI build into an error number of iPXE: its lowest byte is the firmware's own
// error code (src/include/ipxe/errno, src/include/ipxe/errno/efi.h and pcbios.h).
func efiNumber(text string) string {
	for bios, efi := range map[string]string{
		"040ee119": "040ee186", "2d03e13b": "2d03e18e", "1c106002": "1c106082", "4c106035": "4c106092", "0b15e0a0": "0b15e095",
		"4c126035": "4c126092", "2d12613b": "2d12618e", "0212603c": "0212608f", "3d126001": "3d126083", "3c126003": "3c126083",
		"1c126002": "1c126082", "2e008001": "2e008081",
		"2d0c613b": "2d0c618e", "020c613c": "020c618f", "1d0c6539": "1d0c6598", "4c0a6035": "4c0a6092", "0f0a6039": "0f0a6095",
	} {
		text = strings.ReplaceAll(text, bios, efi)
	}
	return text
}

// ipxe is what all builds share.
func ipxe() Profile {
	tries := retry.Backoff{First: time.Second / 4, Max: 10 * time.Second, Tick: retry.BIOSTick}
	return Profile{
		Evidence: Capture,
		Citation: "iPXE src/net/udp/dhcp.c, src/net/udp/tftp.c, src/usr/autoboot.c",

		Scripts:   true,
		UserClass: "iPXE", // raw, without the length byte of RFC 3004
		MaxSize:   1472,
		Params: []byte{1, 3, 6, 7, 12, 15, 17, 26, 43, 60, 66, 67, 119,
			128, 129, 130, 131, 132, 133, 134, 135, 175, 203},
		Options:       []byte{53, 57, 93, 94, 60, 77, 55, 175, 61, 97, 54, 50, 43},
		Secs:          SecsState,
		ZeroXID:       true,
		InheritsClass: true,

		Discover:       retry.Backoff{First: time.Second, Max: 10 * time.Second, Tick: retry.BIOSTick},
		Request:        tries,
		Proxy:          tries,
		BootServer:     tries,
		Collect:        Collect{After: 2 * time.Second},
		ProxyWait:      2 * time.Second,
		BootServerWait: 3 * time.Second,
		StrictOffer:    true,

		TFTP:  TFTP{Options: "blksize 1432 tsize 0", Patience: tries},
		HTTP:  HTTP{Request: ipxeRequest("1.0.0+git-20190125.36a4c85-5.1"), Texts: ipxeHTTPTexts()},
		Lines: ipxeLines(),
		Texts: ipxeTexts(),
	}
}

// ipxeRequest is what iPXE asks by HTTP (src/net/tcp/httpcore.c; testdata/captures ipxe-bios-http).
func ipxeRequest(version string) string {
	return "{method} {path} HTTP/1.1\r\nConnection: keep-alive\r\nUser-Agent: iPXE/" + version + "\r\nHost: {host}\r\n\r\n"
}

// ipxeLines is what the ROM printed on the serial console of a real boot.
func ipxeLines() Lines {
	return Lines{
		Lease:  []string{"Configuring (net0 {mac})...... ok", "net0: {ip}/{mask} gw {gw}"},
		File:   []string{"Next server: {server}", "Filename: {file}"},
		Loaded: []string{"{url}... ok"},
	}
}

// ipxeTexts has iPXE's error numbers. Only the top 24 bits are the same in every build.
func ipxeTexts() map[Reason]string {
	const unconfigured = "No configuration methods succeeded (http://ipxe.org/040ee119)"
	return map[Reason]string{
		NoOffer:       unconfigured,
		OnlyProxy:     unconfigured,
		NoAck:         unconfigured,
		NoFile:        "Nothing to boot: No such file or directory (http://ipxe.org/2d03e13b)",
		NoBootServer:  "Invalid argument (http://ipxe.org/1c106002)",
		NoBootAck:     "Connection timed out (http://ipxe.org/4c106035)",
		Cancelled:     "Operation canceled (http://ipxe.org/0b15e0a0)",
		OpenTimeout:   "{url}... Connection timed out (http://ipxe.org/4c126035)",
		ReadTimeout:   "{url}... Connection timed out (http://ipxe.org/4c126035)",
		NotFound:      "{url}... No such file or directory (http://ipxe.org/2d12613b)",
		AccessDenied:  "{url}... Permission denied (http://ipxe.org/0212603c)",
		IllegalOp:     "{url}... Inappropriate I/O control operation (http://ipxe.org/3d126001)",
		ServerError:   "{url}... Operation not supported (http://ipxe.org/3c126003)",
		BadPacket:     "{url}... Invalid argument (http://ipxe.org/1c126002)",
		TooBig:        "{url}... No space left on device",
		NotExecutable: "Could not boot image: Exec format error (http://ipxe.org/2e008001)",
		NoScheme:      "{url}... Operation not supported",
	}
}

// ipxeHTTPTexts are those of files by HTTP: the numbers of src/net/tcp/httpcore.c, and of src/net/tcp.c below it.
func ipxeHTTPTexts() map[Reason]string {
	return map[Reason]string{
		Unreachable:  "{url}... Connection reset (http://ipxe.org/0f0a6039)",
		OpenTimeout:  "{url}... Connection timed out (http://ipxe.org/4c0a6035)",
		ReadTimeout:  "{url}... Connection timed out (http://ipxe.org/4c0a6035)",
		NotFound:     "{url}... No such file or directory (http://ipxe.org/2d0c613b)",
		AccessDenied: "{url}... Permission denied (http://ipxe.org/020c613c)",
		ServerError:  "{url}... Input/output error (http://ipxe.org/1d0c6539)",
	}
}
