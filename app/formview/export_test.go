package formview

// WithKeyboard is the path of the question that has the keyboard, "" for none.
func (v *View) WithKeyboard() string {
	if f := v.withKeyboard(); f != nil {
		return f.path
	}
	return ""
}
