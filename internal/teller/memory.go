package teller

import "hash/maphash"

// A memory has the latest entries, and forgets the older ones: at least half of its size is there, at most
// all of it.
type memory[K comparable, V any] struct {
	half       int
	young, old map[K]V
}

func newMemory[K comparable, V any](size int) memory[K, V] {
	return memory[K, V]{half: size / 2, young: map[K]V{}}
}

func (m *memory[K, V]) get(key K) (V, bool) {
	v, found := m.young[key]
	if !found {
		v, found = m.old[key]
	}
	return v, found
}

func (m *memory[K, V]) put(key K, value V) {
	if len(m.young) >= m.half {
		m.old, m.young = m.young, map[K]V{}
	}
	m.young[key] = value
}

func (m *memory[K, V]) forget(key K) {
	delete(m.young, key)
	delete(m.old, key)
}

func (m *memory[K, V]) len() int { return len(m.young) + len(m.old) }

// A digest stands for texts of any length in a memory.
type digest uint64

func (p *Printer) digest(texts ...string) digest {
	var h maphash.Hash
	h.SetSeed(p.seed)
	for _, text := range texts {
		_, _ = h.WriteString(text)
		_ = h.WriteByte(0)
	}
	return digest(h.Sum64())
}

// again tells whether the same was noted lately, and notes it.
func (p *Printer) again(texts ...string) bool {
	d := p.digest(texts...)
	_, known := p.noted.get(d)
	p.noted.put(d, struct{}{})
	return known
}
