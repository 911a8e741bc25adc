package rom

import (
	"strings"
	"time"
)

// edk2HTTP is UEFI HTTP boot of the same OVMF. Its driver (NetworkPkg/HttpBootDxe) is another than that of PXE, and has
// DHCP's in common with it.
func edk2HTTP() Profile {
	p := edk2X64()
	p.Name = "ovmf-x64-http"
	p.Citation = "testdata/captures ovmf-http; EDK2 NetworkPkg/HttpBootDxe, NetworkPkg/Dhcp4Dxe"
	p.Arch = 16
	p.Class = "HTTPClient:Arch:00016:UNDI:003000"
	p.LeaseSize = 0
	// Behind 60 is a byte that nobody set, so it differs from build to build: 235 here.
	p.Params = []byte{1, 2, 3, 4, 5, 6, 12, 13, 15, 17, 18, 22, 23, 28, 40, 41, 42, 43, 50, 51, 54, 58, 59, 60, 235, 67, 97}
	p.Options = []byte{53, 54, 50, 57, 55, 97, 94, 93, 60}
	p.Unicast = nil
	p.HTTP = HTTP{
		Boot: true, Probe: true, Wait: 5 * time.Second, // HTTP_BOOT_RESPONSE_TIMEOUT
		Request: "{method} {path} HTTP/1.1\r\nHost: {host}\r\nAccept: */*\r\nUser-Agent: UefiHttpBoot/1.0\r\n\r\n",
	}
	p.Lines = Lines{
		Start:  []string{">>Start HTTP Boot over IPv4....."},
		Lease:  []string{"  Station IP address is {ip}"},
		File:   []string{"  URI: {url}"},
		Size:   []string{"  File Size: {size} Bytes"},
		Loaded: []string{"  Downloading...100%"},
	}
	p.Texts = edk2HTTPTexts(p.Texts)
	return p
}

// edk2HTTPOf is a newer version, which differs in that byte alone.
func edk2HTTPOf(version string) Profile {
	p := edk2HTTP()
	p.Name += "@" + version
	p.Citation = strings.Replace(p.Citation, "ovmf-http", "ovmf-http-"+version[:4], 1)
	p.Params[24] = map[string]byte{"2025.02": 232, "2026.08": 0}[version]
	return p
}

// edk2HTTPTexts are the last lines that HttpBootLoadFile prints (NetworkPkg/HttpBootDxe/HttpBootImpl.c), where another is
// not a few lines above it.
func edk2HTTPTexts(pxe map[Reason]string) map[Reason]string {
	const (
		noSize  = "Error: Could not retrieve NBP file size from HTTP server."
		timeout = "Error: Server response timeout."
	)
	return map[Reason]string{
		NoOffer: timeout, OnlyProxy: timeout, NoUseful: timeout, NoAck: timeout,
		Refused: "Error: Network device error.",
		NoFile:  noSize, NoScheme: noSize, NoSize: noSize,
		Unreachable: noSize, OpenTimeout: noSize, NotFound: noSize, AccessDenied: noSize, ServerError: noSize, BadPacket: noSize,
		ReadTimeout:   timeout,
		TooBig:        "Error: Buffer size is smaller than the requested file.",
		NotExecutable: pxe[NotExecutable],
	}
}
