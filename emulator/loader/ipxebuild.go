package loader

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"

	"github.com/bootrig/bootrig/emulator/rom"
)

// isIPXE knows iPXE's programs: for UEFI by what they call themselves to HTTP servers, for BIOS, where all but the first
// piece is compressed, by what that prints (src/arch/x86/prefix/pxeprefix.S).
func isIPXE(program []byte) bool {
	return bytes.Contains(program, []byte("iPXE/%s")) || bytes.Contains(program, []byte("PXE->EB:"))
}

// ipxeProfile is the firmware that an iPXE program is. The versions are those that captures are from: an older program
// goes for the oldest of them, and so on.
func ipxeProfile(program []byte) rom.Profile {
	const small = 150_000 // bytes, less than which no build for BIOS has that has drivers
	uefi := bytes.HasPrefix(program, []byte("MZ"))
	drivers := len(program) > small
	if uefi {
		drivers = bytes.Contains(program, []byte("82540em"))
	}
	p := rom.IPXEProgram(ipxeVersion(program), uefi, drivers)
	switch {
	case uefi && !drivers:
		p.Chip = "SNP"
	case !drivers:
		p.Chip = "undionly"
	}
	return p
}

// ipxeVersion is the version of a program. That of one for BIOS is compressed, and its first piece tells only whether it
// is older than 1.20, which says "probably" of what it found: Debian's 1.21.1 are known by their sums.
func ipxeVersion(program []byte) string {
	is := regexp.MustCompile(`\x00([0-9]+)\.([0-9]+)\.[0-9]+[-+.~\w]*\x00`).FindSubmatch(program)
	sum := sha256.Sum256(program)
	switch {
	case is == nil && !bytes.Contains(program, []byte("probably ")), is != nil && string(is[1]) == "1" && len(is[2]) == 1:
		return "1.0.0"
	case is != nil && string(is[1]) == "1", slices.Contains(debian13(), hex.EncodeToString(sum[:])):
		return "1.21.1"
	}
	return "2.0.0"
}

// debian13 are the sums of undionly.kpxe, undionly.kkpxe and ipxe.pxe in Debian 13.
func debian13() []string {
	return []string{
		"391bfe580ec9f823d046ee390765d6c389f482b9a8b9fae0f90871cd8ff57828",
		"8ce6d3690140f79892af2f9b30ef0d3c5d5f5c5e1bd92667cc9e8e2ec1e22bac",
		"2593429c7c5c9cdd9376206c08dd1752fab23693fbf80a2576f44880c9f9f2fa",
	}
}
