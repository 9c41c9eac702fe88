#include "router/oncall/spans.hpp"

#include <algorithm>

namespace tocsin::oncall {

void append(Spans& spans, Span span) {
  if (span.from >= span.until) return;
  if (spans.empty() || spans.back().until < span.from)
    spans.push_back(span);
  else
    spans.back().until = std::max(spans.back().until, span.until);
}

Spans both(const Spans& a, const Spans& b) {
  Spans found;
  for (auto x = a.begin(), y = b.begin(); x != a.end() && y != b.end();) {
    append(found, {std::max(x->from, y->from), std::min(x->until, y->until)});
    if (x->until < y->until)
      ++x;
    else
      ++y;
  }
  return found;
}

Spans either(const Spans& a, const Spans& b) {
  Spans found;
  found.reserve(a.size() + b.size());
  auto x = a.begin(), y = b.begin();
  while (x != a.end() || y != b.end())
    append(found, y == b.end() || (x != a.end() && x->from < y->from) ? *x++ : *y++);
  return found;
}

Spans without(const Spans& a, const Spans& b) {
  Spans found;
  auto y = b.begin();
  for (const Span& span : a) {
    WallTime from = span.from;
    while (y != b.end() && y->until <= from) ++y;
    for (auto hole = y; hole != b.end() && hole->from < span.until; ++hole) {
      append(found, {from, hole->from});
      from = std::max(from, hole->until);
    }
    append(found, {from, span.until});
  }
  return found;
}

}  // namespace tocsin::oncall
