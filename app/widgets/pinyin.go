package widgets

import "anxin/model/pinyin"

// Match tells whether a text is what someone looks for: the query stands in it as
// written, or its letters are the pinyin initials of characters that follow each
// other ("cqzx" finds 拆迁中心), or both mixed. A character with several readings
// matches the initial of each. Letters match whatever their case; blanks and marks
// in the text are passed over. The rank orders what was found: 0 at the beginning
// as written, 1 at the beginning by initials, 2 further in as written, 3 further in
// by initials. An empty query matches everything.
func Match(text, query string) (rank int, ok bool) {
	wanted := pinyin.Letters(query)
	if len(wanted) == 0 {
		return 0, true
	}
	runes := pinyin.Letters(text)
	best := -1
	for at := 0; at+len(wanted) <= len(runes); at++ {
		written, hit := matchAt(runes[at:], wanted)
		if !hit {
			continue
		}
		rank := 0
		if !written {
			rank = 1
		}
		if at > 0 {
			rank += 2
		}
		if best < 0 || rank < best {
			best = rank
		}
		if best <= 1 {
			break
		}
	}
	return max(best, 0), best >= 0
}

// matchAt compares the beginning of a text; written tells that no initial was needed.
func matchAt(runes, wanted []rune) (written, hit bool) {
	written = true
	for i, want := range wanted {
		switch r := runes[i]; {
		case r == want:
		case want >= 'a' && want <= 'z' && pinyin.Set(r)&(1<<(want-'a')) != 0:
			written = false
		default:
			return false, false
		}
	}
	return written, true
}

// Initials are the pinyin initials of a text by the first reading of each
// character, letters and digits as they are: "cqzx" for 拆迁中心. They serve as a
// column to sort or search by; Match knows the other readings too.
func Initials(text string) string { return pinyin.Initials(text) }
