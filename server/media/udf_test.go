package media

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/content/image"
	"github.com/bootrig/bootrig/server/content/iso9660/isotest"
	"github.com/bootrig/bootrig/server/media/mediatest"
)

// Windows' media are UDF beside an ISO 9660 that has nothing.
func TestWindowsAsUDF(t *testing.T) {
	list := mediatest.List(t, "windows-11")
	img, err := image.Open(isotest.MakeGenisoimage(t, list, "-udf", "-V", "CCCOMA_X64FRE_EN-US_DV9"), "")
	if err != nil {
		t.Fatal(err)
	}
	defer img.Close()
	found, err := Recognise(img)
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(found)
	if err != nil {
		t.Fatal(err)
	}
	want, err := json.Marshal(wanted(t, "windows-11"))
	if diff := cmp.Diff(string(want), string(got)); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}
