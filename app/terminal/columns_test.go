package terminal

import (
	"bytes"
	"fmt"
	"testing"
)

func TestColumnsCountPlacesNotCharacters(t *testing.T) {
	var out bytes.Buffer
	c := NewColumns(&out)
	fmt.Fprintln(c, "使用人\t范围\t期")
	fmt.Fprintln(c, "Li\t甲县/东街道\t1")
	fmt.Fprintln(c, "\n设备\t权限")
	fmt.Fprintln(c, "01a2\t办理")
	if err := c.Flush(); err != nil {
		t.Fatal(err)
	}
	want := "使用人  范围         期\nLi      甲县/东街道  1\n\n设备  权限\n01a2  办理\n"
	if out.String() != want {
		t.Errorf("lined up as\n%s", &out)
	}
	if err := c.Flush(); err != nil || out.String() != want {
		t.Errorf("a second time: %q, %v", out.String()[len(want):], err)
	}
}
