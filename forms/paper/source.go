package paper

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// sourceLine is one line of a template with the place it was read from.
type sourceLine struct {
	file   string
	number int
	text   string
}

// readSource reads a template with the parts it includes put in their places. A part includes no other.
func readSource(papers fs.FS, file string) ([]sourceLine, error) {
	lines, err := readLines(papers, file)
	if err != nil {
		return nil, err
	}
	var out []sourceLine
	for _, l := range lines {
		name, ok := included(l.text)
		if !ok {
			out = append(out, l)
			continue
		}
		if !isName(name) {
			return nil, fmt.Errorf("%s:%d：include 之后应是片段的名称（小写英文字母），如“include service”", l.file, l.number)
		}
		part, err := readLines(papers, name+".part")
		if err != nil {
			return nil, fmt.Errorf("%s:%d：%w", l.file, l.number, err)
		}
		if i := slices.IndexFunc(part, func(l sourceLine) bool { _, ok := included(l.text); return ok }); i >= 0 {
			return nil, fmt.Errorf("%s:%d：片段里不能再写 include", part[i].file, part[i].number)
		}
		out = append(out, part...)
	}
	return out, nil
}

// included gives the part a line asks for: "include name" in the head, "@include name" in the body.
func included(line string) (name string, ok bool) {
	name, ok = strings.CutPrefix(strings.TrimPrefix(strings.Trim(line, " "), "@"), "include ")
	return strings.Trim(name, " "), ok
}

func readLines(papers fs.FS, file string) ([]sourceLine, error) {
	data, err := fs.ReadFile(papers, file)
	if err != nil {
		return nil, fmt.Errorf("读取文书模板 %s：%w", file, err)
	}
	text, err := normalise(strings.TrimPrefix(string(data), "\uFEFF"))
	if err != nil {
		return nil, fmt.Errorf("%s:1：%w", file, err)
	}
	var out []sourceLine
	for i, l := range strings.Split(text, "\n") {
		out = append(out, sourceLine{file, i + 1, l})
	}
	return out, nil
}

func joinLines(list []sourceLine) string {
	var b strings.Builder
	for _, l := range list {
		b.WriteString(l.text)
		b.WriteByte('\n')
	}
	return b.String()
}
