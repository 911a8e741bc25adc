package build

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// The layout of a FAT32 volume (Microsoft, "FAT: General Overview of On-Disk Format", 1.03). A volume is
// FAT32 by its count of clusters and nothing else, so a small one gets room that nobody needs.
const (
	fatSector   = 512
	fatReserved = 32 // sectors before the first FAT
	fatInfo     = 1  // the sector of FSInfo
	fatBackup   = 6  // where the copy of the boot sector is
	fatCopies   = 2
	fatLeast    = 65525     // clusters of the smallest FAT32 volume
	fatMany     = 128 << 10 // with more of them they get larger: the FAT is all that is kept in memory
	fatFileMax  = 1<<32 - 1
	fatEnd      = 0x0fffffff
	fatFirst    = 2 // the number of the first cluster
)

// FAT is a FAT32 volume with these files, read-only and without a partition table: what UEFI takes over HTTP
// as a disk in memory. Directories come from the names; names are compared without case, as FAT does.
func FAT(files map[string]Part) (Part, error) {
	root, err := fatTree(files)
	if err != nil {
		return Part{}, err
	}
	v := &fatVolume{cluster: fatSector}
	for data := root.total(); data/v.cluster > fatMany && v.cluster < 32<<10; {
		v.cluster *= 2
	}
	v.place(root)
	if count := int64(len(v.next)) - fatFirst; count >= 0x0ffffff5 {
		return Part{}, fmt.Errorf("a FAT volume of %d clusters: FAT32 has 28 bits for them", count)
	}
	data := Join(v.data...)
	table := v.table()
	head := v.head(table.Size, files)
	return Join(head, Zeros(fatReserved*fatSector-head.Size), table, table, data), nil
}

// A fatNode is a file or a directory.
type fatNode struct {
	name    string
	short   [11]byte
	data    Part
	dir     bool
	inside  []*fatNode
	cluster uint32 // the first one, 0 for an empty file
}

// fatTree makes directories of names.
func fatTree(files map[string]Part) (*fatNode, error) {
	root := &fatNode{dir: true}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !fs.ValidPath(name) || name == "." {
			return nil, fmt.Errorf("%q is no name for a file of a FAT volume", name)
		}
		if size := files[name].Size; size > fatFileMax {
			return nil, fmt.Errorf("%s has %d bytes, and a file of a FAT volume has less than 4 GiB", name, size)
		}
		at := root
		for _, dir := range strings.Split(path.Dir(name), "/") {
			if dir == "." {
				break
			}
			below := at.find(dir)
			if below == nil {
				below = &fatNode{name: dir, dir: true}
				at.inside = append(at.inside, below)
			}
			at = below
		}
		if base := path.Base(name); !at.dir || at.find(base) != nil {
			return nil, fmt.Errorf("%s: a FAT volume has two files of that name, or one below another", name)
		} else if err := fatName(base); err != nil {
			return nil, err
		} else {
			at.inside = append(at.inside, &fatNode{name: base, data: files[name]})
		}
	}
	return root, nil
}

func (n *fatNode) find(name string) *fatNode {
	for _, each := range n.inside {
		if strings.EqualFold(each.name, name) {
			return each
		}
	}
	return nil
}

// total is what the tree takes, roughly.
func (n *fatNode) total() int64 {
	size := n.data.Size + fatSector
	for _, each := range n.inside {
		size += each.total()
	}
	return size
}

// A fatVolume is a volume being laid out.
type fatVolume struct {
	cluster int64    // its size
	next    []uint32 // the FAT
	free    int      // clusters at its end
	data    []Part
}

// place gives clusters to a directory, then to all below it, and writes its entries when it knows theirs.
func (v *fatVolume) place(root *fatNode) {
	v.next = []uint32{0x0ffffff8, fatEnd} // media type; clean, no errors
	var walk func(n *fatNode, parent uint32)
	walk = func(n *fatNode, parent uint32) {
		if !n.dir {
			n.cluster = v.take(n.data)
			return
		}
		n.shorten()
		entries := make([]byte, up(n.entries(n != root), v.cluster))
		n.cluster = v.take(Bytes(entries))
		for _, each := range n.inside {
			walk(each, n.cluster)
		}
		n.write(entries, n != root, parent)
	}
	walk(root, 0)
	if v.free = max(0, fatLeast-(len(v.next)-fatFirst)); v.free > 0 {
		v.next = append(v.next, make([]uint32, v.free)...)
		v.data = append(v.data, Zeros(int64(v.free)*v.cluster))
	}
}

// take gives the clusters behind the last ones to a part.
func (v *fatVolume) take(p Part) uint32 {
	if p.Size == 0 {
		return 0
	}
	first := uint32(len(v.next))
	for n := up(p.Size, v.cluster) / v.cluster; n > 1; n-- {
		v.next = append(v.next, uint32(len(v.next))+1)
	}
	v.next = append(v.next, fatEnd)
	v.data = append(v.data, padded(v.cluster, p))
	return first
}

// table is the FAT.
func (v *fatVolume) table() Part {
	table := make([]byte, up(int64(len(v.next))*4, fatSector))
	for i, next := range v.next {
		binary.LittleEndian.PutUint32(table[4*i:], next)
	}
	return Bytes(table)
}

// head is what stands before the FATs: the boot sector, FSInfo and their copies.
func (v *fatVolume) head(table int64, files map[string]Part) Part {
	le := binary.LittleEndian
	count := int64(len(v.next)) - fatFirst
	id := crc32.NewIEEE()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintln(id, name, files[name].Size)
	}
	boot := make([]byte, fatSector)
	copy(boot, "\xeb\x58\x90BOOTRIG ")
	le.PutUint16(boot[11:], fatSector)
	boot[13] = byte(v.cluster / fatSector)
	le.PutUint16(boot[14:], fatReserved)
	boot[16] = fatCopies
	boot[21] = 0xf8              // a fixed disk
	le.PutUint16(boot[24:], 63)  // sectors a track and
	le.PutUint16(boot[26:], 255) // heads, for those who count in cylinders
	le.PutUint32(boot[32:], uint32(fatReserved+fatCopies*table/fatSector+count*v.cluster/fatSector))
	le.PutUint32(boot[36:], uint32(table/fatSector))
	le.PutUint32(boot[44:], fatFirst) // the root directory
	le.PutUint16(boot[48:], fatInfo)
	le.PutUint16(boot[50:], fatBackup)
	boot[64], boot[66] = 0x80, 0x29
	le.PutUint32(boot[67:], id.Sum32())
	copy(boot[71:], "NO NAME    FAT32   ")
	boot[510], boot[511] = 0x55, 0xaa

	info := make([]byte, fatSector)
	copy(info, "RRaA")
	copy(info[484:], "rrAa")
	le.PutUint32(info[488:], uint32(v.free))
	le.PutUint32(info[492:], uint32(len(v.next)-v.free)) // where to look for a free one
	info[510], info[511] = 0x55, 0xaa

	third := make([]byte, fatSector) // the boot code could be three sectors long
	third[510], third[511] = 0x55, 0xaa
	head := slices.Concat(boot, info, third)
	return Join(Bytes(head), Zeros(fatSector*fatBackup-int64(len(head))), Bytes(head))
}
