// A text of 8 bytes and one allocation, which its copies share; none for the empty one.
//
// A std::string takes 32 bytes and, past 15 characters, an allocation of its own for every copy.
// Nobody changes a SharedText: another is assigned to it. It reads as a std::string_view, and as a
// std::string where one is asked for.
//
// Threads: as Shared (shared.hpp).
#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace tocsin {

class SharedText {
 public:
  static constexpr std::size_t npos = std::string_view::npos;

  SharedText() = default;
  SharedText(std::string_view text);  // NOLINT: a text is one
  SharedText(const std::string& text) : SharedText(std::string_view(text)) {}  // NOLINT: likewise
  SharedText(const char* text) : SharedText(std::string_view(text)) {}         // NOLINT: likewise
  SharedText(const SharedText& other);
  SharedText(SharedText&& other) noexcept : kept_(std::exchange(other.kept_, nullptr)) {}
  SharedText& operator=(SharedText other) noexcept {
    std::swap(kept_, other.kept_);
    return *this;
  }
  ~SharedText();

  std::string_view view() const;
  operator std::string_view() const { return view(); }          // NOLINT: it reads as one
  operator std::string() const { return std::string(view()); }  // NOLINT: likewise

  std::string str() const { return std::string(view()); }
  bool empty() const { return kept_ == nullptr; }
  std::size_t size() const { return view().size(); }
  const char* data() const { return view().data(); }
  const char* begin() const { return data(); }
  const char* end() const { return data() + size(); }
  void clear() { *this = SharedText(); }
  SharedText& operator+=(std::string_view more) { return *this = joined_with(more); }
  bool starts_with(std::string_view text) const { return view().starts_with(text); }
  bool ends_with(std::string_view text) const { return view().ends_with(text); }
  std::size_t find(std::string_view text, std::size_t from = 0) const {
    return view().find(text, from);
  }
  std::string substr(std::size_t from, std::size_t size = npos) const {
    return std::string(view().substr(from, size));
  }
  /// Both are one, which says more than that they are equal.
  bool is_same_as(const SharedText& other) const { return kept_ == other.kept_; }
  /// No other copy has it, as far as one may tell; nor is it empty.
  bool is_alone() const;

  friend bool operator==(const SharedText& a, const SharedText& b) {
    return a.is_same_as(b) || a.view() == b.view();
  }
  friend auto operator<=>(const SharedText& a, const SharedText& b) {
    return a.view() <=> b.view();
  }
  friend bool operator==(const SharedText& a, std::string_view b) { return a.view() == b; }
  friend bool operator==(const SharedText& a, const std::string& b) { return a.view() == b; }
  friend bool operator==(const SharedText& a, const char* b) { return a.view() == b; }
  friend auto operator<=>(const SharedText& a, std::string_view b) { return a.view() <=> b; }
  friend auto operator<=>(const SharedText& a, const std::string& b) {
    return a.view() <=> std::string_view(b);
  }

  friend std::string operator+(std::string a, const SharedText& b) { return a.append(b.view()); }
  friend std::string operator+(const char* a, const SharedText& b) {
    return std::string(a).append(b.view());
  }
  friend std::string operator+(const SharedText& a, std::string_view b) { return a.joined_with(b); }
  friend std::string operator+(const SharedText& a, const std::string& b) {
    return a.joined_with(b);
  }
  friend std::string operator+(const SharedText& a, const char* b) { return a.joined_with(b); }
  friend std::string operator+(const SharedText& a, const SharedText& b) {
    return a.joined_with(b.view());
  }
  friend std::string operator+(const SharedText& a, char b) { return a.joined_with({&b, 1}); }

 private:
  struct Kept;

  std::string joined_with(std::string_view end) const;

  Kept* kept_ = nullptr;
};

/// For maps by text in which a view may be looked up as well.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept {
    return std::hash<std::string_view>()(text);
  }
};

}  // namespace tocsin

template <>
struct std::hash<tocsin::SharedText> {
  std::size_t operator()(const tocsin::SharedText& text) const noexcept {
    return std::hash<std::string_view>()(text.view());
  }
};
