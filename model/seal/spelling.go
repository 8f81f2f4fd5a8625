package seal

import "strings"

// Spelled turns initials that are looked for ("thyjzgs") into the words that a
// name must all have: they are among those of its initials whenever it holds
// them, or begins with them if they are two. It is empty for a single letter.
//
// The words of a name are the first two letters of its initials, and every
// three in a row. They are words of their own, apart from Tokens, so that no
// Latin text is taken for a spelling.
func (k *Keys) Spelled(initials string) []string {
	return k.list(func(w *wordMaker) {
		w.kind = gramSpelled
		w.spell([]rune(strings.ToLower(initials)))
	})
}

// spelledRun is how many letters of a spelling make a word: three tell many
// names apart and add fewer words than the text itself does.
const spelledRun = 3

// spell adds the runs of three letters, or the two letters there are.
func (w *wordMaker) spell(letters []rune) {
	if len(letters) < 2 {
		return
	}
	n := min(len(letters), spelledRun)
	for i := 0; i+n <= len(letters); i++ {
		if run := letters[i : i+n]; isGram(run) {
			w.add(run)
		}
	}
}

// isGram says that runes fit a gram; what does not is no letter.
func isGram(runes []rune) bool {
	for _, r := range runes {
		if r <= 0 || r >= 1<<gramRune {
			return false
		}
	}
	return true
}
