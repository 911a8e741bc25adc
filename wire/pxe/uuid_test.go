package pxe

import "testing"

func TestUUID(t *testing.T) {
	const written = "00112233-4455-6677-8899-aabbccddeeff"
	u, err := ParseUUID(written)
	if err != nil || u.String() != written {
		t.Fatalf("%s is read as %s, %v", written, u, err)
	}
	if got := u.Raw().String(); got != "33221100-5544-7766-8899-aabbccddeeff" {
		t.Errorf("on the wire it is %s", got)
	}
	if u.Raw().Raw() != u {
		t.Error("the order of the wire cannot be undone")
	}
	for _, wrong := range []string{"", "00112233", written + "00", "00112233-4455-6677-8899-aabbccddeefg"} {
		if _, err := ParseUUID(wrong); err == nil {
			t.Errorf("%q is taken for a UUID", wrong)
		}
	}
}
