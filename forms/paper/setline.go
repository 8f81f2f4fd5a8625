package paper

// paragraphs sets text as one or more paragraphs of full width.
func (c *composer) paragraphs(t text, s setting) error {
	for _, para := range t.paragraphs() {
		lines, err := c.breakText(para, s, c.width)
		if err != nil {
			return err
		}
		from := len(c.out)
		for i, l := range lines {
			indent := s.hang
			if i == 0 {
				indent = s.first
			}
			st := strip{height: s.lead, glue: s.glue}
			st.place(l, s, indent, 0, c.width-indent)
			c.out = append(c.out, st)
		}
		noOrphans(c.out[from:])
	}
	return nil
}

// noOrphans keeps the first two and the last two lines of a paragraph together.
func noOrphans(list []strip) {
	if n := len(list); n > 1 {
		list[0].glue = true
		list[n-2].glue = true
	}
}

// shape finds face and width of every character.
func (c *composer) shape(t text, s setting) ([]glyph, error) {
	faces := c.faces.chain(s.face)
	out := make([]glyph, len(t))
	for i, x := range t {
		f, err := faces.pick(x.r)
		if err != nil {
			return nil, err
		}
		if f == nil {
			return nil, missingRune(x.r)
		}
		out[i] = glyph{cell: x, face: f, width: float64(f.width(x.r)) * s.size / 1000}
	}
	return out, nil
}

// breakText cuts one paragraph for a column of the given width.
func (c *composer) breakText(t text, s setting, width float64) ([]line, error) {
	glyphs, err := c.shape(t, s)
	if err != nil {
		return nil, err
	}
	return breakLines(glyphs, s.size, width-s.first, width-s.hang), nil
}

// oneLine sets text that is never broken.
func (c *composer) oneLine(t text, s setting) (line, error) {
	glyphs, err := c.shape(t, s)
	return line{glyphs: glyphs, width: widthOf(glyphs), last: true}, err
}

// place puts a line into a strip at x, y, aligned within width. Spans part where the face changes and where
// underlining begins or ends.
func (st *strip) place(l line, s setting, x, y, width float64) {
	var gaps []float64
	switch s.align {
	case alignCentre:
		x += (width - l.width) / 2
	case alignRight:
		x += width - l.width
	case alignJustify:
		gaps = l.gaps(width, s.size)
	}
	y += baseline(s)
	for i := 0; i < len(l.glyphs); {
		f, under := l.glyphs[i].face, l.glyphs[i].under
		sp := span{face: f, size: s.size, x: x, y: y}
		from := i
		for ; i < len(l.glyphs) && l.glyphs[i].under == under && l.glyphs[i].face == f; i++ {
			x += l.glyphs[i].width
			if gaps != nil {
				x += gaps[i]
			}
		}
		sp.runes = make([]rune, 0, i-from)
		for _, g := range l.glyphs[from:i] {
			sp.runes = append(sp.runes, g.r)
		}
		if gaps != nil {
			sp.gaps = gaps[from:i]
		}
		st.spans = append(st.spans, sp)
		if under {
			st.rules = append(st.rules, rule{x1: sp.x, y1: y + underDrop, x2: x, y2: y + underDrop, width: blankRule})
		}
	}
}

const underDrop = 3 // points from the baseline to the line under a blank

// baseline is how far below the top of its line text stands: the em square of a Chinese face reaches from
// 0.88 above to 0.12 below the baseline.
func baseline(s setting) float64 { return (s.lead-s.size)/2 + 0.88*s.size }
