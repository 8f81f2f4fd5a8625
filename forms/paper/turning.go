package paper

import (
	"fmt"
	"math"
	"slices"
)

// Where a page turns is weighed: what is held together costs nothing, but a page left empty at its foot costs the
// share of it that is empty beyond mostEmpty, and parting what had better stay together costs its price. A price of
// nothing is a hold that never yields.
const (
	mostEmpty    = 0.15
	priceOfPitch = 0.01  // times the share by which the pitch is another
	priceOfLines = 0.001 // label rows above a signature go to the next page without the text over them
	priceOfRow   = 0.004 // a ruled row is divided between pages
	priceOfEnd   = 0.05  // a receipt stands on the page after its signature
)

// pitches are what the line pitch of a section may be multiplied by where its pages turn badly, in the order tried:
// GB/T 9704-2012, 7.3.5 has the ending brought onto its page by adjusting the pitch.
var pitches = []float64{1, 0.97, 1.03, 0.94, 1.06, 0.91, 1.09, 0.88, 1.12, 0.85, 1.15, 1.18}

// mostRespread bounds the pages of a section that is set again with another pitch for the sake of one of them.
const mostRespread = 8

// spread divides a section into sheets with the line pitch that wastes least.
func (l *layout) spread(nodes []*node, strips []strip, g geometry, reserve float64) ([]sheet, error) {
	var best *filler
	for _, pitch := range pitches {
		if pitch != 1 {
			var err error
			if strips, err = l.compose(nodes, g, pitch); err != nil {
				return nil, err
			}
		}
		f, err := paginate(strips, g, reserve)
		if err != nil {
			return nil, fmt.Errorf("文书 %s：%w", l.tpl.docType, err)
		}
		if f.waste > 0 {
			f.waste += priceOfPitch * math.Abs(pitch-1)
		}
		if best == nil || f.waste < best.waste-slack {
			best = f
		}
		if best.waste == 0 || len(best.sheets) > mostRespread {
			break
		}
	}
	return best.sheets, nil
}

// paginate fills sheets with strips. Glued strips move to the next sheet together, unless they are too
// high for any sheet or would leave too much of this one empty.
func paginate(strips []strip, g geometry, reserve float64) (*filler, error) {
	f := &filler{g: g, room: g.height - g.top - g.bottom - reserve}
	if f.room < 40*mm {
		return nil, fmt.Errorf("页脚过高，页面没有留下正文的位置，请减少 @footer 中的行")
	}
	for len(strips) > 0 {
		end, height := held(strips)
		if f.used+height > f.room+slack && height+headHeight(strips[0].head) <= f.room {
			if i := f.divisible(strips[:end]); i >= 0 {
				f.waste += priceOfRow
				strips = slices.Concat(strips[:i], strips[i].divided(), strips[i+1:])
				continue
			}
			end = f.part(strips[:end])
		}
		for _, st := range strips[:end] {
			f.add(st)
		}
		strips = strips[end:]
	}
	f.closeTable(false)
	return f, f.err
}

// held counts the strips that stand together at the head of a list and gives the height they need.
func held(strips []strip) (n int, height float64) {
	for {
		height += strips[n].height
		n++
		if n == len(strips) || !strips[n-1].glue || strips[n-1].page {
			break
		}
	}
	if n < len(strips) && strips[n].carry != nil && strips[n].carry.row > 0 {
		height += strips[n].carry.table.height // the page may have to close after this row
	}
	return n, height
}

// part decides where strips that do not fit are parted: it turns the page before all of them, or gives how many
// stay on this page.
func (f *filler) part(strips []strip) int {
	n, used, least := 0, f.used, f.empty(f.used)
	for i, st := range strips[:len(strips)-1] {
		if used += st.height; used > f.room+slack {
			break
		}
		if cost := st.price + f.empty(used); st.price > 0 && cost < least-slack {
			n, least = i+1, cost
		}
	}
	if n > 0 {
		f.waste += strips[n-1].price
		return n
	}
	f.waste += least
	f.turn(&strips[0])
	return len(strips)
}

// empty is the cost of turning a page that is used so far.
func (f *filler) empty(used float64) float64 {
	if used == 0 {
		return 0
	}
	return max(0, (f.room-used)/f.room-mostEmpty)
}

// leastPiece is the room below which a ruled row is not divided, in points.
const leastPiece = 60

// divisible finds the ruled row that comes to lie over the end of a page which would stay too empty without it; -1
// for none.
func (f *filler) divisible(strips []strip) int {
	used := f.used
	for i, st := range strips {
		if used+st.height > f.room+slack {
			if st.pieces != nil && f.empty(used) > priceOfRow && f.room-used > leastPiece {
				return i
			}
			return -1
		}
		used += st.height
	}
	return -1
}

// divided gives the pieces of a ruled row, which stay with their neighbours as it did.
func (s *strip) divided() []strip {
	out := slices.Clone(s.pieces)
	noOrphans(out)
	first, last := &out[0], &out[len(out)-1]
	first.carry, last.glue, last.price = s.carry, s.glue, s.price
	for i := range out {
		out[i].head = s.head
	}
	return out
}
