package page

import (
	"strconv"
	"strings"

	"anxin/model"
)

// sided is a detail with several sides, of which one is in sight.
type sided interface {
	// Side names the side in sight, "" for none in particular.
	Side() string
	// Turn brings a side to the front, one that is there no more it passes over.
	Turn(side string)
}

// stateMark stands between what is open and its side in the state of a page.
const stateMark = "#"

// State remembers which record is open, and on which side.
func (p *recordPage[T, P]) State() string {
	if d, ok := p.shown.(sided); ok && p.id != "" && d.Side() != "" {
		return string(p.id) + stateMark + d.Side()
	}
	return string(p.id)
}

// Restore opens it again.
func (p *recordPage[T, P]) Restore(state string) {
	record, side, _ := strings.Cut(state, stateMark)
	id := model.ID(record)
	if id != "" && id != p.id {
		p.Show(id)
	}
	if d, ok := p.shown.(sided); ok && side != "" && id == p.id {
		d.Turn(side)
	}
}

// Side implements sided.
func (d *caseDetail) Side() string { return d.tabs.Key() }

// Turn implements sided.
func (d *caseDetail) Turn(side string) { d.show(side) }

// Side implements sided.
func (v *visit) Side() string {
	if v.tabs == nil {
		return ""
	}
	return v.tabs.Key()
}

// Turn implements sided.
func (v *visit) Turn(side string) {
	if v.tabs != nil {
		v.part(side)
	}
}

// Side is the number of the side in sight.
func (p *sides) Side() string { return strconv.Itoa(p.at) }

// Turn shows a side by its number.
func (p *sides) Turn(side string) {
	if i, err := strconv.Atoi(side); err == nil && i >= 0 && i < len(p.list) {
		p.Show(i)
	}
}

// Side implements sided.
func (d *registerDetail[T, P]) Side() string { return d.sides.Side() }

// Turn implements sided.
func (d *registerDetail[T, P]) Turn(side string) { d.sides.Turn(side) }

// Side implements sided.
func (d *documentDetail) Side() string {
	if d.sides == nil {
		return d.turned
	}
	return d.sides.Side()
}

// Turn implements sided; before the paper has been read it is kept for then.
func (d *documentDetail) Turn(side string) {
	if d.turned = side; d.sides != nil {
		d.sides.Turn(side)
	}
}
