package scenarios

import (
	"os"
	"strings"
	"testing"

	"github.com/bootrig/bootrig/scenarios/script"
)

func TestEveryScenarioFileIsRead(t *testing.T) {
	for _, name := range files(t) {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := script.Parse(name, data); err != nil {
			t.Error(err)
		}
	}
}

// TestTheNotesConfigurationIsKept compares with the founding note, byte for byte.
func TestTheNotesConfigurationIsKept(t *testing.T) {
	const conf = `port=0
log-dhcp
dhcp-range=192.168.9.0,proxy
dhcp-boot=pxelinux.0
pxe-service=x86PC,'Network Boot',pxelinux
enable-tftp
tftp-root=/tftpboot
`
	const xen = `default xenserver
label xenserver
kernel mboot.c32
    append /tftpboot/xenserver/xen.gz dom0_max_vcpus=2 dom0_mem=1024M,max:1024M com1=115200,8n1 console=com1,vga ---  /tftpboot/xenserver/vmlinuz xencons=hvc console=hvc0 console=tty0 ---  /tftpboot/xenserver/install.img
`
	for name, want := range map[string][]string{
		"ubuntu.txtar":    {"-- dnsmasq.conf --\n" + conf + "-- "},
		"xenserver.txtar": {"-- dnsmasq.conf --\n" + conf + "-- ", "-- /tftpboot/pxelinux.cfg/default --\n" + xen + "-- "},
	} {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range want {
			if !strings.Contains(string(data), text) {
				t.Errorf("%s does not hold the note's\n%s", name, text)
			}
		}
	}
}
