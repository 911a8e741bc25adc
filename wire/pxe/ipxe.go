package pxe

import "bytes"

// A Feature is what an iPXE can do: a sub-option of its option 175 (ipxe, include/ipxe/features.h;
// capture A, frame 1).
type Feature byte

// The features that decide which boot file an iPXE can use.
const (
	FeaturePXEExt    Feature = 0x10
	FeatureISCSI     Feature = 0x11
	FeatureAoE       Feature = 0x12
	FeatureHTTP      Feature = 0x13
	FeatureHTTPS     Feature = 0x14
	FeatureTFTP      Feature = 0x15
	FeatureFTP       Feature = 0x16
	FeatureDNS       Feature = 0x17
	FeatureBzImage   Feature = 0x18
	FeatureMultiboot Feature = 0x19
	FeatureNBI       Feature = 0x20
	FeaturePXE       Feature = 0x21
	FeatureELF       Feature = 0x22
	FeatureCOMBOOT   Feature = 0x23
	FeatureEFI       Feature = 0x24
	FeatureVLAN      Feature = 0x26
	FeatureMenu      Feature = 0x27
	FeatureNFS       Feature = 0x29
)

// FeatureNames has the name of each Feature, as configurations write it.
func FeatureNames() map[string]Feature {
	return map[string]Feature{
		"pxe-ext": FeaturePXEExt, "iscsi": FeatureISCSI, "aoe": FeatureAoE, "http": FeatureHTTP, "https": FeatureHTTPS,
		"tftp": FeatureTFTP, "ftp": FeatureFTP, "dns": FeatureDNS, "bzimage": FeatureBzImage, "multiboot": FeatureMultiboot,
		"nbi": FeatureNBI, "pxe": FeaturePXE, "elf": FeatureELF, "comboot": FeatureCOMBOOT, "efi": FeatureEFI,
		"vlan": FeatureVLAN, "menu": FeatureMenu, "nfs": FeatureNFS,
	}
}

// An IPXE is what an iPXE says of itself.
type IPXE struct{ encapsulated SubOptions }

// ParseIPXE reads a client's options 77 and 175. It is an iPXE's if either says so: 77 is the bare text
// "iPXE", without the length byte of RFC 3004 (capture A, frame 1), and old builds send 175 alone.
func ParseIPXE(userClass, encapsulated []byte) (IPXE, bool) {
	// Option 175 has no end byte, which is all that the error could say of one that iPXE made.
	subs, _ := ParseSubOptions(encapsulated)
	return IPXE{subs}, bytes.Contains(userClass, []byte("iPXE")) || len(encapsulated) > 0
}

// Has tells whether the iPXE was built with a feature. Its value is 1, of a few a version number.
func (i IPXE) Has(f Feature) bool {
	value, there := i.encapsulated.Get(byte(f))
	return there && len(bytes.Trim(value, "\x00")) > 0
}
