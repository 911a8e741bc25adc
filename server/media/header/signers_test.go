package header

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/binary"
	"errors"
	"io"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// signedBy is a PKCS#7 signature (RFC 2315, section 9.1) that tells who made it, with the certificate of an
// issuer before it, as signing tools put them in any order.
func signedBy(t *testing.T, name, issuer string) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	make := func(name string, serial int64, by *x509.Certificate) *x509.Certificate {
		c := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name}, NotAfter: time.Unix(1<<31, 0)}
		if by == nil {
			by = c
		}
		der, err := x509.CreateCertificate(rand.Reader, c, by, &key.PublicKey, key)
		if err != nil {
			t.Fatal(err)
		}
		c, err = x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	ca := make(issuer, 1, nil)
	leaf := make(name, 2, ca)
	empty := asn1.RawValue{Tag: asn1.TagSet, IsCompound: true}
	type who struct {
		Issuer asn1.RawValue
		Serial *big.Int
	}
	data, err := asn1.Marshal(struct {
		Version    int
		Algorithms asn1.RawValue
		Content    struct{ Type asn1.ObjectIdentifier }
		Certs      asn1.RawValue
		Signers    []struct {
			Version int
			Who     who
			More    []byte
		} `asn1:"set"`
	}{
		1, empty, struct{ Type asn1.ObjectIdentifier }{asn1.ObjectIdentifier{1, 2}},
		asn1.RawValue{Class: asn1.ClassContextSpecific, IsCompound: true, Bytes: append(ca.Raw, leaf.Raw...)},
		[]struct {
			Version int
			Who     who
			More    []byte
		}{{1, who{asn1.RawValue{FullBytes: leaf.RawIssuer}, leaf.SerialNumber}, []byte("signature")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	all, err := asn1.Marshal(struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue
	}{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}, asn1.RawValue{Class: asn1.ClassContextSpecific, IsCompound: true, Bytes: data}})
	if err != nil {
		t.Fatal(err)
	}
	return string(all)
}

func TestSignersAreTold(t *testing.T) {
	old, young := signedBy(t, "Publisher", "CA 2011"), signedBy(t, "Publisher", "CA 2023")
	for name, c := range map[string]struct {
		certs string
		want  []string
	}{
		"none":                         {"", nil},
		"one":                          {certificate(2, old), []string{"Publisher, by CA 2011"}},
		"two":                          {certificate(2, old) + certificate(2, young), []string{"Publisher, by CA 2011", "Publisher, by CA 2023"}},
		"its own":                      {certificate(2, signedBy(t, "Lab", "Lab")), []string{"Lab"}},
		"of a kind that nobody has":    {certificate(9, old), nil},
		"a second one that is cut off": {certificate(2, old) + certificate(2, young)[:40], []string{"Publisher, by CA 2011"}},
	} {
		t.Run(name, func(t *testing.T) {
			data := string(withCertificates(c.certs))
			signed, who, err := Signers(strings.NewReader(data), int64(len(data)))
			var got []string
			for _, s := range who {
				got = append(got, s.String())
			}
			if diff := cmp.Diff(c.want, got); diff != "" || err != nil || signed != (c.certs != "") {
				t.Errorf("%v, signed %v (-want +got):\n%s", err, signed, diff)
			}
		})
	}
}

// withCertificates is a program with an optional header, and what stands in its certificate table.
func withCertificates(certs string) []byte {
	p := pe(MachineX64)
	le := binary.LittleEndian
	const optional = 0x58
	le.PutUint16(p[0x54:], 240)
	le.PutUint16(p[optional:], 0x20b)
	le.PutUint32(p[optional+108:], 16)
	if certs != "" {
		le.PutUint32(p[optional+112+4*8:], uint32(len(p)))
		le.PutUint32(p[optional+112+4*8+4:], uint32(len(certs)))
	}
	return append(p, certs...)
}

// certificate is an entry of the table, of a type.
func certificate(kind uint16, data string) string {
	b := binary.LittleEndian.AppendUint32(nil, uint32(8+len(data)))
	b = binary.LittleEndian.AppendUint16(b, 0x200)
	b = binary.LittleEndian.AppendUint16(b, kind)
	b = append(b, data...)
	for len(b)%8 != 0 {
		b = append(b, 0)
	}
	return string(b)
}

func TestADiskThatFailsIsNoUnsignedProgram(t *testing.T) {
	if _, _, err := Signers(broken{}, 100); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error(err)
	}
}

// broken is a disk that fails.
type broken struct{}

func (broken) ReadAt([]byte, int64) (int, error) { return 0, io.ErrUnexpectedEOF }

func FuzzSigners(f *testing.F) {
	f.Add(withCertificates(certificate(2, "\x30\x03")))
	f.Fuzz(func(t *testing.T, p []byte) {
		signed, who, err := Signers(bytes.NewReader(p), int64(len(p)))
		if err != nil || !signed && len(who) > 0 {
			t.Errorf("%v, signed %v by %v", err, signed, who)
		}
	})
}
