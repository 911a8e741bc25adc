package conformance

import (
	"bytes"
	"flag"
	"os"
	"testing"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
)

var update = flag.Bool("update", false, "write "+questionsFile)

// questionsFile is where the questions are for others: the fuzz targets of the server begin with them.
const questionsFile = "../../testdata/questions.pcap"

func TestTheQuestionsAreInTheirFile(t *testing.T) {
	var want bytes.Buffer
	w := pcapgo.NewWriter(&want)
	err := w.WriteFileHeader(65535, layers.LinkTypeEthernet)
	for i, q := range everything() {
		frame := datagram(ourMAC, serverMAC, q.src, q.dst, q.question.packet)
		if err == nil {
			err = w.WritePacket(gopacket.CaptureInfo{Timestamp: time.Unix(int64(i), 0), CaptureLength: len(frame), Length: len(frame)}, frame)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(questionsFile, want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(questionsFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want.Bytes()) {
		t.Errorf("%s is out of date: `go test ./scenarios/conformance -run TestTheQuestions -update`", questionsFile)
	}
}
