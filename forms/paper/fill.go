package paper

import (
	"fmt"
	"slices"
)

// fill puts values into text. With blanks, an empty value leaves an underlined blank.
func (c *composer) fill(in inline, blanks bool) text {
	var out text
	for _, p := range in {
		switch {
		case p.inner != nil:
			if p.when.holds(c.lookup(p.when.name)) != p.not {
				out = append(out, c.fill(p.inner, blanks)...)
			}
		case p.name == "":
			out = append(out, plainText(p.literal)...)
		default:
			out = append(out, c.placed(p, blanks)...)
		}
	}
	return out
}

// placed is the text of one placeholder.
func (c *composer) placed(p part, blanks bool) text {
	v := c.lookup(p.name)
	switch {
	case p.form == formBoxes:
		return boxes(v, "  ")
	case p.form == formList:
		return boxes(v, "\n")
	case p.form == formBox:
		return box(v.flag)
	case p.form == formCount:
		return plainText(fmt.Sprint(len(v.rows)))
	case v.text != "":
		return plainText(v.text)
	case p.form == formStrike && !c.draft:
		return struckBlank(blanks)
	case blanks:
		return blankOf(p.blank)
	}
	return nil
}

// struckBlank stands where nothing is to be filled in, so that nobody can.
func struckBlank(underlined bool) text {
	if !underlined {
		return plainText("／")
	}
	return text{{r: '\u3000', under: true}, {r: '／', under: true}, {r: '\u3000', under: true}}
}

func box(ticked bool) text {
	if ticked {
		return text{{r: boxTicked}}
	}
	return text{{r: boxEmpty}}
}

// boxes prints every option of a choice, the picked ones ticked.
func boxes(v value, between string) text {
	if v.field == nil {
		return nil
	}
	var out text
	for i, o := range v.field.Options {
		if i > 0 {
			out = append(out, plainText(between)...)
		}
		out = append(out, box(slices.Contains(v.picks, o))...)
		for _, r := range o {
			out = append(out, cell{r: r, joined: between != "\n"})
		}
	}
	return out
}
