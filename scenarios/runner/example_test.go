package runner_test

import (
	"context"
	"fmt"
	"log"

	"github.com/bootrig/bootrig/scenarios/runner"
)

// A scenario that is a string, with its own golden trace.
func Example() {
	result, err := runner.Run(context.Background(), runner.Request{Name: "mine.txtar", Source: []byte(ownGolden), World: runner.Sim})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Outcome)
	// Output: passed
}

const ownGolden = `
lan     192.168.9.0/24 house=192.168.9.1 server=192.168.9.2
server
guest   pc firmware=ipxe-bios mac=52:54:00:12:34:56 ip=192.168.9.100
expect  pc console 'bootrig: server 192\.168\.9\.2'
golden  pc boots.golden
-- boots.ours.golden --
discover arch=0 class=PXEClient:Arch:00000:UNDI:002001
offer {house} yiaddr={ip} siaddr={house}
offer {server} bootrig.0 siaddr={server} class=PXEClient control=8 prompt="0 PXE"
request server={house}
ack {house} yiaddr={ip} siaddr={house}
rrq {server} bootrig.0 options="blksize 1432 tsize 0"
oack {server} bootrig.0 options="blksize 1432 tsize {size}"
got {server} bootrig.0
`
