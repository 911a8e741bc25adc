package raw

import (
	"github.com/bootrig/bootrig/emulator"
	"github.com/bootrig/bootrig/emulator/link"
)

// Join makes a lab on the network that an interface of this host is on. Its port is where the network is, and its seed
// that of the lab's faults. The error wraps os.ErrPermission where only the right to send frames is missing, and
// os.ErrNotExist where the interface is. The caller must call Run or Close of the lab.
func Join(name string, seed uint64) (*emulator.Lab, link.Port, error) {
	wire, err := Open(name)
	if err != nil {
		return nil, 0, err
	}
	lab := emulator.Drive(link.NewLAN(seed))
	port, err := lab.Attach(name, wire, 0)
	if err != nil {
		wire.Close()
		return nil, 0, err
	}
	return lab, port, nil
}
