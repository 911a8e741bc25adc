package header

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"encoding/binary"
	"errors"
	"io"
	"math/big"
	"slices"
)

// A Signer is who signed a program, and whose certificate says that they may.
type Signer struct {
	Name   string
	Issuer string
}

// String is both: "Debian Secure Boot Signer 2022 - shim, by Debian Secure Boot CA".
func (s Signer) String() string {
	if s.Issuer == "" || s.Issuer == s.Name {
		return s.Name
	}
	return s.Name + ", by " + s.Issuer
}

const (
	maxCertificates = 1 << 20
	pkcs7           = 2 // WIN_CERT_TYPE_PKCS_SIGNED_DATA (UEFI 2.10, section 32.2.4)
)

// Signers are those of a program for UEFI, as far as they can be read, and whether there are any. Whether they are
// trusted, and the signatures right, only the machine's firmware knows. Its error is the reader's own.
func Signers(r io.ReaderAt, size int64) (signed bool, who []Signer, err error) {
	at, length, err := certificates(r, size)
	if err != nil || at <= 0 || at >= size {
		return false, nil, err
	}
	b := make([]byte, min(length, maxCertificates, size-at))
	if n, err := r.ReadAt(b, at); err != nil && !errors.Is(err, io.EOF) {
		return false, nil, err
	} else {
		b = b[:n]
	}
	const header, align = 8, 8
	for len(b) > header {
		size := int(min(binary.LittleEndian.Uint32(b), maxCertificates))
		if size <= header || size > len(b) {
			break
		}
		signed = true
		if binary.LittleEndian.Uint16(b[6:]) == pkcs7 {
			if s, err := signer(b[header:size]); err == nil && !slices.Contains(who, s) {
				who = append(who, s)
			}
		}
		b = b[min((size+align-1)/align*align, len(b)):]
	}
	return signed, who, nil
}

// certificates is where the attribute certificate table of a program lies (PE format, optional header).
func certificates(r io.ReaderAt, size int64) (at, length int64, err error) {
	head := make([]byte, min(max(size, 0), sniffed))
	if n, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return 0, 0, err
	} else {
		head = head[:n]
	}
	coff := coff(head)
	if coff < 0 {
		return 0, 0, nil
	}
	const coffSize, index, entry = 20, 4, 8
	optional := head[coff+coffSize : min(len(head), coff+coffSize+int(binary.LittleEndian.Uint16(head[coff+16:])))]
	if len(optional) < 2 {
		return 0, 0, nil
	}
	dirs := map[uint16]int{0x10b: 96, 0x20b: 112}[binary.LittleEndian.Uint16(optional)] // PE32, PE32+
	row := dirs + index*entry
	if dirs == 0 || len(optional) < row+entry || binary.LittleEndian.Uint32(optional[dirs-4:]) <= index {
		return 0, 0, nil
	}
	return int64(binary.LittleEndian.Uint32(optional[row:])), int64(binary.LittleEndian.Uint32(optional[row+4:])), nil
}

// signedData is RFC 2315, section 9.1, as far as it tells the signer.
type signedData struct {
	Version      int
	Algorithms   asn1.RawValue
	Content      asn1.RawValue
	Certificates asn1.RawValue   `asn1:"optional,tag:0"`
	Revoked      asn1.RawValue   `asn1:"optional,tag:1"`
	Signers      []asn1.RawValue `asn1:"set"`
}

type signerInfo struct {
	Version int
	Who     struct {
		Issuer asn1.RawValue
		Serial *big.Int
	}
}

// signer finds the certificate of who signed.
func signer(b []byte) (Signer, error) {
	var outer struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue `asn1:"explicit,optional,tag:0"`
	}
	if _, err := asn1.Unmarshal(b, &outer); err != nil {
		return Signer{}, err
	}
	var data signedData
	if _, err := asn1.Unmarshal(outer.Content.Bytes, &data); err != nil {
		return Signer{}, err
	}
	certs, err := x509.ParseCertificates(data.Certificates.Bytes)
	if err != nil || len(data.Signers) == 0 {
		return Signer{}, errors.Join(err, errNobody)
	}
	info, err := who(data.Signers[0].FullBytes)
	if err != nil {
		return Signer{}, err
	}
	for _, c := range certs {
		if bytes.Equal(c.RawIssuer, info.Who.Issuer.FullBytes) && c.SerialNumber.Cmp(info.Who.Serial) == 0 {
			return Signer{c.Subject.CommonName, c.Issuer.CommonName}, nil
		}
	}
	return Signer{}, errNobody
}

var errNobody = errors.New("it does not tell who signed it")

// who reads the beginning of a SignerInfo; what follows has no fixed number of fields.
func who(b []byte) (info signerInfo, err error) {
	var seq asn1.RawValue
	if _, err = asn1.Unmarshal(b, &seq); err != nil {
		return info, err
	}
	rest, err := asn1.Unmarshal(seq.Bytes, &info.Version)
	if err != nil {
		return info, err
	}
	if _, err = asn1.Unmarshal(rest, &info.Who); err == nil && info.Who.Serial == nil {
		err = errNobody
	}
	return info, err
}
