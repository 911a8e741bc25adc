package pxe

import (
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMulticastSubOptionsBothWays(t *testing.T) {
	group := netip.MustParseAddr("239.1.2.3")
	wire := bytesOf(t, "0104ef010203"+"020206e1"+"030206e2"+"040102"+"050105"+"ff") // PXE 2.1, table 2-1
	mtftp := MTFTP{group, 1761, 1762, 2, 5}
	subs, err := ParseSubOptions(wire)
	if err != nil {
		t.Fatal(err)
	}
	got, err := ParseMTFTP(subs)
	if diff := cmp.Diff(mtftp, got, addrs); diff != "" || err != nil {
		t.Errorf("sub-options 1 to 5 decoded: %v (-want +got):\n%s", err, diff)
	}
	encoded, err := mtftp.SubOptions().Bytes()
	if diff := cmp.Diff(wire, encoded); diff != "" || err != nil {
		t.Errorf("sub-options 1 to 5 encoded: %v (-want +got):\n%s", err, diff)
	}
	alloc := McastAlloc{group, 4, 16}
	if got, err := ParseMcastAlloc(bytesOf(t, "ef01020300040010")); got != alloc || err != nil {
		t.Errorf("sub-option 11 was read as %v, %v", got, err)
	}
	if diff := cmp.Diff(bytesOf(t, "ef01020300040010"), alloc.Bytes()); diff != "" {
		t.Errorf("sub-option 11 (-want +got):\n%s", diff)
	}
	credentials := AppendCredentialType(AppendCredentialType(nil, 1), 0x01020304)
	if diff := cmp.Diff(bytesOf(t, "0000000101020304"), credentials); diff != "" {
		t.Errorf("sub-option 12 (-want +got):\n%s", diff)
	}
	if got, err := ParseCredentialTypes(credentials); err != nil || !cmp.Equal(got, []uint32{1, 0x01020304}) {
		t.Errorf("sub-option 12 was read as %v, %v", got, err)
	}
	if got, err := ParseAddr(bytesOf(t, "e0000102")); got != DiscoveryGroup() || err != nil {
		t.Errorf("sub-option 7 was read as %v, %v", got, err)
	}
}

func TestMulticastSubOptionsThatAreCutShort(t *testing.T) {
	_, alloc := ParseMcastAlloc(make([]byte, 7))
	_, credentials := ParseCredentialTypes(make([]byte, 5))
	_, mtftp := ParseMTFTP(SubOptions{{SubMTFTPServerPort, []byte{1}}})
	_, group := ParseAddr(make([]byte, 5))
	for want, err := range map[string]error{
		"multicast allocation: 7 bytes instead of 8": alloc,
		"credential types: the value is cut short":   credentials,
		"MTFTP, sub-option 3: 1 bytes instead of 2":  mtftp,
		"address: 5 bytes instead of 4":              group,
	} {
		if err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestIPXEIsToldApart(t *testing.T) {
	rom := bytesOf(t, "b105018086100e"+"eb03010000"+"130101"+"150101"+"240100")
	for name, c := range map[string]struct {
		class        string
		encapsulated []byte
		is           bool
		http, efi    bool
	}{
		"a ROM of another maker":                    {},
		"by its user class (capture A, frame 1)":    {class: "iPXE", is: true},
		"by a user class with its length":           {class: "\x04iPXE", is: true},
		"by option 175 alone, with its features":    {encapsulated: rom, is: true, http: true},
		"a feature whose value is 0 is not there":   {class: "iPXE", encapsulated: rom, is: true, http: true},
		"an option 175 that is cut short says less": {encapsulated: rom[:9], is: true},
	} {
		t.Run(name, func(t *testing.T) {
			got, is := ParseIPXE([]byte(c.class), c.encapsulated)
			if is != c.is || got.Has(FeatureHTTP) != c.http || got.Has(FeatureEFI) != c.efi {
				t.Errorf("iPXE %v, HTTP %v, EFI %v", is, got.Has(FeatureHTTP), got.Has(FeatureEFI))
			}
		})
	}
}

func TestHTTPArchs(t *testing.T) {
	for arch, want := range map[Arch]bool{0: false, 7: false, 14: false, 15: true, 16: true, 19: true, 20: true, 21: false, 28: true, 40: true, 41: false} {
		if arch.HTTP() != want {
			t.Errorf("%s fetches by HTTP: %v", arch, !want)
		}
	}
}
