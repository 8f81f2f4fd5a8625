// Package lang is the catalogue of the program's texts: flat keys and texts with
// {name} slots, one file for each language. It refuses to guess: a language comes
// from the settings, never from the system, and a missing key shows itself.
package lang

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"sync/atomic"
)

// Languages are the tags there are texts for, the first is the one to start with.
var Languages = []string{"zh-Hans", "en"}

type catalogue struct {
	tag   string
	texts map[string]string
	said  *sayings
}

var current atomic.Pointer[catalogue]

// Load reads the texts of a language ("zh-Hans", "en") from its file (zh.json,
// en.json) and makes them the current ones. Screens are rebuilt afterwards.
func Load(files fs.FS, tag string) error {
	name, _, _ := strings.Cut(strings.ToLower(tag), "-")
	texts, err := Read(files, name+".json")
	if err != nil {
		return err
	}
	said, err := readSayings(files, "said."+name+".json")
	if err != nil {
		return err
	}
	current.Store(&catalogue{tag: tag, texts: texts, said: said})
	return nil
}

// Read parses one file of texts: a JSON object of strings.
func Read(files fs.FS, name string) (map[string]string, error) {
	raw, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, fmt.Errorf("界面文字文件 %s 打不开，请重新安装程序：%w", name, err)
	}
	var texts map[string]string
	if err := json.Unmarshal(raw, &texts); err != nil {
		return nil, fmt.Errorf("界面文字文件 %s 的格式不对，请重新安装程序：%w", name, err)
	}
	return texts, nil
}

// Tag returns the tag of the current language, "" before the first Load.
func Tag() string {
	if c := current.Load(); c != nil {
		return c.tag
	}
	return ""
}

// T returns the text of a key with its slots filled: slots are pairs of a name
// and a value, as in T("list.count", "n", 12). A key without a text is returned
// as it is, so that the gap can be seen.
func T(key string, slots ...any) string {
	c := current.Load()
	if c == nil {
		return key
	}
	text, ok := c.texts[key]
	if !ok {
		return key
	}
	if len(slots) == 0 {
		return text
	}
	pairs := make([]string, 0, len(slots))
	for i := 0; i+1 < len(slots); i += 2 {
		pairs = append(pairs, fmt.Sprintf("{%v}", slots[i]), fmt.Sprint(slots[i+1]))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// Has tells whether the current language has a text for the key.
func Has(key string) bool {
	c := current.Load()
	if c == nil {
		return false
	}
	_, ok := c.texts[key]
	return ok
}
