package rom

import (
	"time"

	"github.com/bootrig/bootrig/emulator/retry"
)

// intelUNDI is a classic PXE 2.1 ROM such as the Intel Boot Agent. Nobody here has captured one: its packets
// follow the PXE 2.1 specification and field knowledge.
func intelUNDI() Profile {
	return Profile{
		Name:     "intel-undi",
		Evidence: Spec,
		Citation: "PXE specification 2.1, sections 2.2 to 2.4, and RFC 4578",

		Class:   "PXEClient:Arch:00000:UNDI:002001",
		UNDI:    [3]byte{1, 2, 1},
		MaxSize: 1260,
		Params: []byte{1, 2, 3, 4, 5, 6, 11, 12, 13, 15, 16, 17, 18, 22, 23, 28, 40, 41, 42, 43, 50, 51, 54, 58, 59, 60,
			66, 67, 128, 129, 130, 131, 132, 133, 134, 135},
		Options:   []byte{53, 55, 57, 97, 93, 94, 60, 54, 50, 43},
		Pad:       548,
		Broadcast: BroadcastAlways,

		// PXE 2.1 section 2.4.2: four DISCOVERs; offers are gathered for one slot when a proxy answered
		// too, for two when only a plain DHCP server did.
		Discover:      retry.Every(time.Second, 4, 8, 16, 32),
		Request:       retry.Every(time.Second, 1, 2, 3, 4),
		Proxy:         retry.Every(time.Second, 1, 2, 3, 4),
		BootServer:    retry.Every(time.Second, 1, 2, 3, 4),
		Collect:       Collect{WithProxy: 1, LeaseOnly: 2},
		Menu:          MenuPrompted,
		SNameIsServer: true,

		TFTP:  TFTP{Probe: "tsize 0", Options: "blksize 1456", Patience: retry.Every(time.Second, 1, 2, 4, 8)},
		Lines: intelLines(),
		Texts: intelTexts(),
	}
}

func intelLines() Lines {
	return Lines{
		Lease: []string{"CLIENT MAC ADDR: {mac}", "CLIENT IP: {ip}  MASK: {mask}  DHCP IP: {dhcp}", "GATEWAY IP: {gw}"},
	}
}

func intelTexts() map[Reason]string {
	return map[Reason]string{
		NoOffer:       "PXE-E51: No DHCP or proxyDHCP offers were received.",
		OnlyProxy:     "PXE-E52: proxyDHCP offers were received. No DHCP offers were received.",
		NoAck:         "PXE-E51: No DHCP or proxyDHCP offers were received.",
		NoFile:        "PXE-E53: No boot filename received.",
		NoProxyAck:    "PXE-E55: proxyDHCP service did not reply to request on port 4011.",
		BadMenu:       "PXE-E74: Bad or missing PXE menu and/or prompt information.",
		NoBootServer:  "PXE-E78: Could not locate boot server.",
		NoBootAck:     "PXE-E78: Could not locate boot server.",
		Cancelled:     "PXE-EA0: Network boot canceled by keystroke.",
		OpenTimeout:   "PXE-E32: TFTP open timeout",
		ReadTimeout:   "PXE-E35: TFTP read timeout",
		NotFound:      "PXE-T01: File not found / PXE-E3B: TFTP Error - File Not Found",
		AccessDenied:  "PXE-T02: Access violation / PXE-E3C: TFTP Error - Access Violation",
		IllegalOp:     "PXE-T04: Illegal TFTP operation / PXE-E36: Error received from TFTP server",
		ServerError:   "PXE-T00: Undefined error / PXE-E36: Error received from TFTP server",
		BadPacket:     "PXE-E3F: TFTP packet size is invalid",
		TooBig:        "PXE-E79: NBP is too big to fit in free base memory.",
		NotExecutable: "PXE-E79: NBP is too big to fit in free base memory.",
		NoScheme:      "PXE-E53: No boot filename received.",
	}
}
