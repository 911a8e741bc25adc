package qemu

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// probeTimeout is how long a guest under KVM may take to prove itself. TCG needs 0.3 s for it.
const probeTimeout = 2 * time.Second

// proof is a boot sector. It waits for three ticks of the timer, so that interrupts are known to
// arrive, and ends QEMU through isa-debug-exit with status 2*0x2a+1.
//
//	sti
//	mov cx, 3
//	again: hlt
//	loop again
//	mov al, 0x2a
//	mov dx, 0x501
//	out dx, al
//	jmp $
var proof = [...]byte{0xfb, 0xb9, 3, 0, 0xf4, 0xe2, 0xfd, 0xb0, 0x2a, 0xba, 0x01, 0x05, 0xee, 0xeb, 0xfe}

const proofStatus = 2*0x2a + 1

// Probe chooses an accelerator, kvm or tcg, and says why. A /dev/kvm that opens proves nothing: under
// some hypervisors a guest then hangs at its first instruction. So a guest is run for a moment, with
// the real BIOS and a boot sector.
func Probe(ctx context.Context) (accel, why string) {
	if runtime.GOARCH != "amd64" {
		return "tcg", "an x86 guest on " + runtime.GOARCH + " is emulated"
	}
	kvm, err := os.OpenFile("/dev/kvm", os.O_RDWR, 0)
	if err != nil {
		return "tcg", err.Error()
	}
	kvm.Close()
	if err := prove(ctx, "kvm"); err != nil {
		return "tcg", "/dev/kvm opens, but " + err.Error()
	}
	return "kvm", "a guest ran under it"
}

// prove runs the proof under an accelerator.
func prove(ctx context.Context, accel string) error {
	disk, err := bootDisk()
	if err != nil {
		return err
	}
	defer disk.Close()
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	p, err := startProcess(ctx, Spec{}.binary(), []string{
		"-no-user-config", "-nodefaults", "-display", "none", "-machine", "pc", "-m", "16M", "-accel", accel, "-no-reboot",
		"-device", "isa-debug-exit,iobase=0x501,iosize=1",
		"-drive", "file=/dev/fd/3,format=raw,if=ide", "-boot", "c",
	}, []*os.File{disk}, nil)
	if err != nil {
		return err
	}
	err = p.wait()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit) && exit.ExitCode() == proofStatus:
		return nil
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fmt.Errorf("a guest under it did nothing for %v", probeTimeout)
	case ctx.Err() != nil:
		return ctx.Err()
	case err == nil:
		return errors.New("a guest under it ended without a sign")
	}
	return errors.New(strings.TrimSpace(err.Error()))
}

// bootDisk is a disk of one sector with the proof: a file without a name, so that it cannot be left
// behind.
func bootDisk() (*os.File, error) {
	sector := append(bytes.Clone(proof[:]), make([]byte, 510-len(proof))...)
	sector = append(sector, 0x55, 0xaa)
	disk, err := os.CreateTemp("", "bootrig-probe-")
	if err != nil {
		return nil, err
	}
	_, err = disk.Write(sector)
	if err := errors.Join(err, os.Remove(disk.Name())); err != nil {
		disk.Close()
		return nil, err
	}
	return disk, nil
}
