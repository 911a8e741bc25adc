package pxe

import (
	"encoding/hex"
	"errors"
	"strings"
)

// A UUID is a machine's, in the order in which people read and write it.
type UUID [16]byte

// ParseUUID reads "00112233-4455-6677-8899-aabbccddeeff", with dashes or without.
func ParseUUID(s string) (u UUID, err error) {
	b, err := hex.DecodeString(strings.ReplaceAll(s, "-", ""))
	if err != nil || len(b) != len(u) {
		return u, errors.New("no UUID, such as 00112233-4455-6677-8899-aabbccddeeff")
	}
	return UUID(b), nil
}

// String is the UUID in five groups.
func (u UUID) String() string {
	s := hex.EncodeToString(u[:])
	return strings.Join([]string{s[:8], s[8:12], s[12:16], s[16:20], s[20:]}, "-")
}

// Raw is a UUID as it stands in SMBIOS and in option 97: the first three fields little-endian (RFC 4578 section 2.3,
// captures A and C). Done twice it is the UUID again.
func (u UUID) Raw() UUID {
	u[0], u[1], u[2], u[3] = u[3], u[2], u[1], u[0]
	u[4], u[5] = u[5], u[4]
	u[6], u[7] = u[7], u[6]
	return u
}
