package seal

import "strings"

// Spellings turns the initials of names ("thyjzgs") into keyed words of a search
// index: the first two letters, and every three in a row. They are words of
// their own, apart from Tokens, so that no Latin text is taken for a spelling.
// Each is listed once, and none after Forget.
func (k *Keys) Spellings(names []string) []string {
	var runs []gram
	for _, name := range names {
		letters := []rune(name)
		runs = runsOf(runs, letters[:min(2, len(letters))])
		runs = runsOf(runs, letters)
	}
	return k.spell(runs)
}

// Spelled turns initials that are looked for into the words that a name must
// all have: they are among its Spellings whenever it holds the initials, or
// begins with them if they are two. It is empty for a single letter.
func (k *Keys) Spelled(initials string) []string {
	return k.spell(runsOf(nil, []rune(strings.ToLower(initials))))
}

// spelledRun is how many letters of a spelling make a word: three tell many
// names apart and add fewer words than the text itself does.
const spelledRun = 3

// runsOf appends the runs of three letters, or the two letters there are. They
// are remembered with negative letters, as those of no text are.
func runsOf(runs []gram, letters []rune) []gram {
	if len(letters) < 2 {
		return runs
	}
	n := min(len(letters), spelledRun)
	for i := 0; i+n <= len(letters); i++ {
		var g gram
		for j, r := range letters[i : i+n] {
			g[j] = -r
		}
		runs = append(runs, g)
	}
	return runs
}

func (k *Keys) spell(runs []gram) []string {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if k.search == nil {
		return nil
	}
	w := wordMaker{key: k.search, known: k.grams.look(), seen: make(map[gram]bool, len(runs))}
	for _, g := range runs {
		if w.seen[g] {
			continue
		}
		w.seen[g] = true
		w.spelled(g)
	}
	k.grams.keep(w.fresh)
	return w.tokens
}

func (w *wordMaker) spelled(g gram) {
	token, ok := w.known[g]
	if !ok {
		run := []rune{0} // no gram of a text has this sign
		for _, r := range g {
			run = append(run, -r)
		}
		token = w.token(string(run))
		if w.fresh == nil {
			w.fresh = map[gram]string{}
		}
		w.fresh[g] = token
	}
	w.tokens = append(w.tokens, token)
}
