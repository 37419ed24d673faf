package appspec

import (
	"fmt"
	"strings"
)

// Problem is one fault of an AppSpec file. Line and Column are 1-based and 0
// when unknown; columns count characters. Message begins with the line when it
// is known ("line 7: TargetVersion must be ..., found ..."). Hint is a question
// or advice to a person, or empty.
type Problem struct {
	Rule         string // row of lambda.md 2.3, "M8" to "M15"; on ECS the row of the same check
	Line, Column int
	Message      string
	Hint         string
}

// Error is the fault that an AppSpec file is refused for. Tail is what the
// deployment's error message says after AWS's first sentence (P in lambda.md
// 2.3; ecs.md 2.3): for M15 on Lambda, and for M8 when the text cannot be
// parsed, exactly the sentence seen on AWS.
type Error struct {
	Rule         string // as in Problem
	Line, Column int    // 1-based, 0 unknown
	Tail         string
	Problems     []Problem // all faults; the first is the one told here
}

// Error is the first problem's message, followed by its hint.
func (e *Error) Error() string {
	if len(e.Problems) == 0 {
		return e.Tail
	}
	first := e.Problems[0]
	if first.Hint == "" {
		return first.Message
	}
	return first.Message + ". " + first.Hint
}

// finding is a problem on its way out, with the tail that belongs to it when
// that is a sentence seen on AWS.
type finding struct {
	Problem
	observed string
}

// position is a place in the text, 1-based; the zero value is unknown.
type position struct{ line, column int }

// found makes a finding; the sentence has no line and no final full stop.
func found(rule string, at position, format string, a ...any) *finding {
	message := fmt.Sprintf(format, a...)
	if at.line > 0 {
		message = fmt.Sprintf("line %d: %s", at.line, message)
	}
	return &finding{Problem: Problem{Rule: rule, Line: at.line, Column: at.column, Message: message}}
}

func (f *finding) withHint(hint string) *finding {
	f.Hint = hint
	return f
}

// saidByAWS sets the sentence that AWS was seen to say for this fault.
func (f *finding) saidByAWS(sentence string) *finding {
	f.observed = sentence
	return f
}

func (f *finding) tail() string {
	if f.observed != "" {
		return f.observed
	}
	tail := strings.ToUpper(f.Message[:1]) + f.Message[1:] + "."
	if f.Hint != "" {
		tail += " " + f.Hint
	}
	return tail
}

// report collects findings in the order of the checks. notes are what is no
// fault, but looks like a slip of the pen.
type report struct {
	findings []*finding
	notes    []Problem
}

func (r *report) note(f *finding) {
	if len(r.notes) < maxProblems {
		r.notes = append(r.notes, f.Problem)
	}
}

func (r *report) add(f *finding) {
	if len(r.findings) < maxProblems {
		r.findings = append(r.findings, f)
	}
}

func (r *report) problems() []Problem {
	var all []Problem
	for _, f := range r.findings {
		all = append(all, f.Problem)
	}
	return all
}

// err is nil when nothing was found.
func (r *report) err() error {
	if len(r.findings) == 0 {
		return nil
	}
	first := r.findings[0]
	return &Error{Rule: first.Rule, Line: first.Line, Column: first.Column, Tail: first.tail(), Problems: r.problems()}
}
