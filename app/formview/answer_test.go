package formview

import "testing"

func TestAnswersAsPeopleTypeThem(t *testing.T) {
	cases := []struct {
		name string
		read func(string) string
		in   string
		want string
	}{
		{"number", number, "１２", "12"},
		{"number", number, " ￥412,600.50 ", "412600.50"},
		{"number", number, "-1,000", "-1000"},
		{"number", number, "1,23", "1,23"},
		{"number", number, "12。5", "12.5"},
		{"number", number, "约十人", "约十人"},
		{"time", clockTime, "930", "09:30"},
		{"time", clockTime, "0930", "09:30"},
		{"time", clockTime, "9:30", "09:30"},
		{"time", clockTime, "９：３０", "09:30"},
		{"time", clockTime, "9点30分", "09:30"},
		{"time", clockTime, "21点5分", "21:05"},
		{"time", clockTime, "9", "9"},
		{"time", clockTime, "25:00", "25:00"},
		{"time", clockTime, "9:", "9:"},
		{"time", clockTime, "2460", "2460"},
		{"tick", acknowledgement, "是", "OK"},
		{"tick", acknowledgement, "No", ""},
		{"tick", acknowledgement, "也许", "也许"},
	}
	for _, c := range cases {
		t.Run(c.name+" "+c.in, func(t *testing.T) {
			if got := c.read(c.in); got != c.want {
				t.Errorf("%q is read as %q, want %q", c.in, got, c.want)
			}
		})
	}
	if lat, lon, ok := pair("31.23，121.47"); !ok || lat != "31.23" || lon != "121.47" {
		t.Errorf("a pair is read as %q and %q", lat, lon)
	}
}

// What was understood once is understood as the same again, so that an input may
// show it in place of what was typed.
func FuzzAnswers(f *testing.F) {
	for _, seed := range []string{"930", "9点", "１２，０００．５", "￥1,000", "31.2 121.5", "", "：", "2026", "23:59:59.9", "a\tb"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for name, read := range map[string]func(string) string{"number": number, "time": clockTime, "tick": acknowledgement} {
			if once := read(text); once != "" && read(once) != once && name != "tick" {
				t.Errorf("%s %q is read as %q and then as %q", name, text, once, read(once))
			}
		}
		pair(text)
		if _, err := readBlock(text); err != nil {
			return // told by pasting nothing
		}
	})
}
