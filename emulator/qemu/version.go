package qemu

import (
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// places says where files of firmware are. The zero value is this host's own, as its packages installed them;
// else it is one version, unpacked below a directory of such versions.
type places struct {
	sets    string // PACKAGE@VERSION are below it
	version string
}

// root is what stands before the name that a file has in its package.
func (p places) root(set string) string {
	if p.version == "" {
		return ""
	}
	return path.Join(p.sets, set+"@"+p.version)
}

// from is how the files come there.
func (p places) from(set string) string {
	if p.version == "" {
		return aptGet + set
	}
	return fmt.Sprintf("`make firmware` fetches %s %s, unless Debian has dropped it", set, p.version)
}

// armCPU is the processor of an ARM64 board. Newer AAVMF has a network only where the processor makes random numbers,
// and QEMU's default for such a one (max) spends its time on signing pointers (pauth) if that is left as it is.
func (p places) armCPU() string {
	if p.version == "" {
		return "cortex-a57"
	}
	return "max,pauth-impdef=on"
}

// roms has QEMU look for what it loads by name, the BIOS and the ROMs of cards, in a package of that version first. A
// romfile= would do the same for one card, but then QEMU does not write the card's PCI ID into the ROM, and
// virtio-net-pci's is not found. The package of 2019 has them in the second of the directories.
func (f firmware) roms(set string, at places) firmware {
	f.set = set
	root := at.root(set)
	if root == "" {
		return f
	}
	below, rom := []string{"/usr/share/qemu/", "/usr/lib/ipxe/qemu/"}, "efi-e1000.rom"
	if set == "seabios" {
		below, rom = []string{"/usr/share/seabios/"}, "bios-256k.bin"
	}
	proof := file{from: at.from(set)} // QEMU would take this host's own instead
	f.args = slices.Clone(f.args)
	for _, dir := range below {
		f.args = append(f.args, "-L", root+dir)
		proof.names = append(proof.names, root+dir+rom)
	}
	f.files = append(slices.Clone(f.files), proof)
	return f
}

// released are the versions that Debian 12, 13 and sid had when this was written, by package.
func released() map[string][]string {
	edk2 := []string{"2022.11", "2025.02", "2026.08"}
	return map[string][]string{
		"seabios":          {"1.16.2", "1.16.3", "1.17.0"},
		"ipxe-qemu":        {"1.0.0", "1.21.1", "2.0.0"},
		"ovmf":             edk2,
		"qemu-efi-aarch64": edk2,
		"ovmf-ia32":        edk2[:2],
		ubootSet:           {"2023.01", "2025.01"},
		"qemu-efi-arm":     edk2[:1], // the next has no network: no 32-bit processor of QEMU makes random numbers
	}
}

// Versions are those that a firmware can be asked for in, as NAME@VERSION: the known ones, and what is below sets.
func Versions(name, sets string) []string {
	f, err := lookupFirmware(name, sets)
	if err != nil {
		return nil
	}
	list := slices.Clone(released()[f.set])
	found, _ := filepath.Glob(filepath.Join(sets, f.set+"@*")) // the pattern is a good one
	for _, dir := range found {
		_, version, _ := strings.Cut(filepath.Base(dir), "@")
		list = append(list, version)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// Base is the firmware that NAME@VERSION is a version of.
func Base(asked string) string {
	switch name, _, _ := strings.Cut(asked, "@"); name {
	case "seabios": // the other half of it
		return "ipxe-bios"
	case "ovmf":
		return "ovmf-x64"
	case "uboot-x86", "uboot-arm", "uboot-riscv64": // they run one script
		return "uboot-arm64"
	default:
		return name
	}
}

// StandsIn tells whether a machine with one firmware may have what was asked for instead.
func StandsIn(asked, firmware string) bool { return firmware == asked || firmware == Base(asked) }

var version = regexp.MustCompile(`^[0-9]+(\.[0-9]+)*$`)

// lookupFirmware finds one by name, NAME or NAME@VERSION or file:ROM; "" is the default, and ovmf short for its usual
// machine.
func lookupFirmware(asked, sets string) (firmware, error) {
	if path, ok := FirmwareFile(asked); ok {
		return readFirmware(path)
	}
	name, wanted, versioned := strings.Cut(asked, "@")
	if versioned && !version.MatchString(wanted) {
		return firmware{}, fmt.Errorf("firmware %q: a version is numbers and dots, such as ipxe-bios@2.0.0", asked)
	}
	if name == "ovmf" {
		name = Base(name)
	}
	all := firmwares(places{sets, wanted})
	if name == "" {
		name = all[0].name
	}
	i := slices.IndexFunc(all, func(f firmware) bool { return f.name == name })
	if i < 0 {
		return firmware{}, fmt.Errorf("firmware %q: no real machine has it here; real guests have %s", asked, strings.Join(names(all), ", "))
	}
	return all[i], nil
}
