package paper

import (
	"fmt"
	"sync"
)

// Names of the faces a Press asks its loader for.
const (
	faceBody  = "serif"      // 宋体: body text
	faceTitle = "serif-bold" // titles
	faceHead  = "sans-bold"  // 黑体: headings and table heads
	faceRare  = "rare"       // runes of personal and place names outside the others
)

// faceSet opens faces on first use and keeps them; safe for concurrent use.
type faceSet struct {
	load   func(name string) ([]byte, error)
	chains map[string]*chain
	marks  *face
}

type faceSlot struct {
	name string
	once sync.Once
	face *face
	err  error
}

// chain is the order in which faces are asked for a rune.
type chain struct {
	set   *faceSet
	slots []*faceSlot
}

func newFaceSet(load func(name string) ([]byte, error)) *faceSet {
	s := &faceSet{load: load, chains: map[string]*chain{}, marks: newMarks()}
	body, rare := &faceSlot{name: faceBody}, &faceSlot{name: faceRare}
	s.chains[faceBody] = &chain{s, []*faceSlot{body, rare}}
	for _, name := range []string{faceTitle, faceHead} {
		s.chains[name] = &chain{s, []*faceSlot{{name: name}, body, rare}}
	}
	return s
}

func (s *faceSet) chain(name string) *chain { return s.chains[name] }

func (s *faceSet) open(slot *faceSlot) (*face, error) {
	slot.once.Do(func() {
		data, err := s.load(slot.name)
		if err != nil {
			slot.err = fmt.Errorf("打开字体“%s”：%w", slot.name, err)
			return
		}
		slot.face, slot.err = parseFace(slot.name, data)
	})
	return slot.face, slot.err
}

// pick gives the face that draws r: the check boxes, the wanted face, then the body face, then the rare
// one, which is opened only for a rune that needs it. A nil face and nil error mean that none has the rune.
func (c *chain) pick(r rune) (*face, error) {
	if c.set.marks.glyph(r) != 0 {
		return c.set.marks, nil
	}
	for _, slot := range c.slots {
		f, err := c.set.open(slot)
		if err != nil {
			return nil, err
		}
		if f.glyph(r) != 0 {
			return f, nil
		}
	}
	return nil, nil
}
