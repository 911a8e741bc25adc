package tftpd

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/content"
)

func TestFactsOfTransfers(t *testing.T) {
	for _, c := range []struct {
		rule, script string
		want         facts
	}{
		{"a transfer that arrives", "> rrq big octet blksize 1400 windowsize 64 tsize 0\n> ack 0\n" + acks(64, 1573) + "> ack 1573", facts{
			`rrq big options="blksize 1400 windowsize 64 tsize 0" mode=octet`,
			`oack big options="blksize 1400 tsize 2201000 windowsize 64"`,
			`data big 89600 bytes`, `data big 1075200 bytes`, `data big 2150400 bytes`, `got big 2201000 bytes`,
		}},
		{"a miss", "> rrq /nosuch\xff octet", facts{
			`rrq ` + "/nosuch\xff" + ` mode=octet`,
			`miss ` + "/nosuch\xff" + ` code 1: file /tftpboot/nosuch` + "\xff" + ` not found for 192.168.9.100`,
		}},
		{"another case", "> rrq bigger/Big octet", facts{
			`rrq bigger/Big mode=octet`, `miss bigger/Big like=big code 1: file /tftpboot/bigger/Big not found for 192.168.9.100`,
		}},
		{"a size probe", "> rrq f100 octet tsize 0\n> error 8 User aborted the transfer", facts{
			`rrq f100 options="tsize 0" mode=octet`, `oack f100 options="tsize 100"`,
			`abort f100 by=client code 8: User aborted the transfer`,
		}},
		{"a client that vanishes before the last ACK", "> rrq f1000 octet\n> ack 1\n+2m", facts{
			`rrq f1000 mode=octet`, `data f1000 512 bytes`, `retry f1000 of=data block=2`, `retry f1000 of=data block=2`, `retry f1000 of=data block=2`,
			`retry f1000 of=data block=2`, `abort f1000 by=server sent=all 512 bytes: the last block was sent and never acknowledged; some clients leave that out`,
		}},
		{"a client that never answers", "> rrq f100 octet\n+1m", facts{
			`rrq f100 mode=octet`, `abort f100 by=server: the last block was sent and never acknowledged; some clients leave that out`,
		}},
		{"a client that vanishes in the middle", "> rrq f1000 octet\n> ack 1\n+15s\n> error 0 gone", facts{
			`rrq f1000 mode=octet`, `data f1000 512 bytes`, `retry f1000 of=data block=2`, `retry f1000 of=data block=2`,
			`retry f1000 of=data block=2`, `retry f1000 of=data block=2`, `abort f1000 by=client 512 bytes: gone`,
		}},
		{"a write request", `> raw69 "\x00\x02f100\x00octet\x00"`, facts{
			`tftp-error  code 4: unsupported request from 192.168.9.100: opcode 2 is not a read request`,
		}},
		{"a directory", "> rrq dir octet", facts{
			`rrq dir mode=octet`, `tftp-error dir: cannot read /tftpboot/dir: is a directory`,
		}},
		{"climbing out", "> rrq ../x octet", facts{
			`rrq ../x mode=octet`, `tftp-error ../x code 2: cannot access /tftpboot/../x: permission denied`,
		}},
		{"an ERROR to port 69", `> raw69 "\x00\x05\x00\x00\x00"`, facts{
			`ignore : tftp: an ERROR to port 69 belongs to no transfer`,
		}},
	} {
		var got facts
		play(t, Config{Events: &got, Hints: &content.Hints{}, Tree: treeOf(map[string][]byte{
			"f100": pattern(100), "f1000": pattern(1000), "big": pattern(2201000), "dir/f": nil,
		})}, c.script)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.rule, diff)
		}
	}
}

// acks acknowledges every window of n blocks below last.
func acks(n, last int) string {
	var b strings.Builder
	for i := n; i < last; i += n {
		b.WriteString("> ack " + strconv.Itoa(i) + "\n")
	}
	return b.String()
}
