package media_test

import (
	"testing"

	"github.com/bootrig/bootrig/server/media"
)

func TestWhatInstallsNothingTakesNoAnswers(t *testing.T) {
	answer := media.Answer{Args: "preseed/url=x"}
	if e := (media.Entry{Kind: media.Linux, Args: "quiet"}).Answered(answer); e.Args != "quiet preseed/url=x" {
		t.Errorf("an installer is told %q", e.Args)
	}
	if e := (media.Entry{Kind: media.Linux, Args: "rescue", Asks: true}).Answered(answer); e.Args != "rescue" {
		t.Errorf("a rescue system is told %q", e.Args)
	}
}
