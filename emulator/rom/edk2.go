package rom

import (
	"time"

	"github.com/bootrig/bootrig/emulator/retry"
	"github.com/bootrig/bootrig/emulator/tftp"
)

// edk2X64 is the PXE of EDK2 in Debian 12's OVMF 2022.11 with the driver of QEMU's virtio-net-pci.
func edk2X64() Profile {
	return Profile{
		Name:     "ovmf-x64",
		Evidence: Capture,
		Citation: "testdata/captures B, D, F1 and ovmf-menu; EDK2 NetworkPkg/Dhcp4Dxe, NetworkPkg/Mtftp4Dxe, NetworkPkg/UefiPxeBcDxe",

		Arch:      7,
		Machine:   peX64,
		Class:     "PXEClient:Arch:00007:UNDI:003000",
		UNDI:      [3]byte{1, 3, 0},
		MaxSize:   1472,
		LeaseSize: 0xff00, // 255, in the wrong byte order (DhcpSendMessage)
		Params: []byte{1, 2, 3, 4, 5, 6, 12, 13, 15, 17, 18, 22, 23, 28, 40, 41, 42, 43, 50, 51, 54, 58, 59, 60,
			66, 67, 97, 128, 129, 130, 131, 132, 133, 134, 135},
		Options:   []byte{53, 54, 50, 57, 55, 97, 94, 93, 60},
		Unicast:   []byte{43, 53, 55, 57, 60, 93, 94, 97},
		Broadcast: BroadcastToAll,
		Secs:      SecsTicks,
		FreshXID:  true,
		ProxyPort: 4011,

		// The first slot ends with the fourth tick of a timer that already runs: after 3.70 s in capture F1,
		// 3.73 and 3.74 s in B and D.
		Discover:   retry.Every(100*time.Millisecond, 37, 80, 160, 320),
		Request:    retry.Every(time.Second, 4, 8, 16, 32),
		Proxy:      retry.Every(time.Second, 1, 2, 3, 4),
		BootServer: retry.Every(time.Second, 1, 2, 3, 4),
		Collect:    Collect{Slots: true},
		Menu:       MenuFirst,
		NakEnds:    true,
		IDIsServer: true,

		TFTP: TFTP{
			Probe: "tsize 0 blksize 1468 windowsize 4", Options: "blksize 1468 windowsize 4",
			Dialect: tftp.EDK2, Patience: retry.Every(time.Second, 4, 4, 4, 4, 4, 4),
		},
		Lines: edk2Lines(),
		Texts: edk2Texts(),
	}
}

// edk2Lines is what the firmware printed on the serial console of a real boot.
func edk2Lines() Lines {
	return Lines{
		Start:   []string{">>Start PXE over IPv4."},
		Lease:   []string{"  Station IP address is {ip}"},
		Size:    []string{"  Server IP address is {server}", "  NBP filename is {file}", "  NBP filesize is {size} Bytes"},
		Loading: []string{" Downloading NBP file..."},
		Loaded:  []string{"  NBP file downloaded successfully."},
	}
}

// edk2Texts is what PxeBcLoadBootFile prints (NetworkPkg/UefiPxeBcDxe/PxeBcBoot.c). Seen on a real console were: E16
// without a proxy and with a silent port 4011, E18 with a silent port 69, E99 with a closed one, E23 without the
// file, and what follows a program of another kind.
func edk2Texts() map[Reason]string {
	const (
		device    = "PXE-E07: Network device error."
		noOffer   = "PXE-E16: No valid offer received."
		timeout   = "PXE-E18: Server response timeout."
		cancelled = "PXE-E21: Remote boot cancelled."
		answered  = "PXE-E23: Client received TFTP error from server."
		noName    = "PXE-E53: No boot filename received."
		surprise  = "PXE-E99: Unexpected network error."
	)
	return map[Reason]string{
		NoOffer:       timeout,
		OnlyProxy:     noOffer,
		NoUseful:      noOffer,
		NoAck:         noOffer,
		Refused:       device,
		NoProxyAck:    noOffer,
		Cancelled:     cancelled,
		NoBootServer:  device,
		NoBootAck:     timeout,
		NoFile:        surprise,
		NoSize:        noName,
		OpenTimeout:   timeout,
		ReadTimeout:   timeout,
		Unreachable:   surprise,
		NotFound:      answered,
		AccessDenied:  answered,
		IllegalOp:     answered,
		ServerError:   answered,
		BadPacket:     answered,
		TooBig:        "PXE-E05: Buffer size is smaller than the requested file.",
		NotExecutable: "BdsDxe: failed to load Boot0001: Not Found",
	}
}
