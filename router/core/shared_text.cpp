#include "router/core/shared_text.hpp"

#include <atomic>
#include <cstdint>
#include <cstring>
#include <limits>
#include <new>

namespace tocsin {

// The characters follow it.
struct SharedText::Kept {
  std::atomic<std::uint32_t> holders = 1;
  std::uint32_t size = 0;

  char* characters() { return reinterpret_cast<char*>(this) + sizeof(Kept); }
};

SharedText::SharedText(std::string_view text) {
  if (text.empty()) return;
  // Nothing that comes in is of 4 GiB: a record is far smaller.
  text = text.substr(0, std::numeric_limits<std::uint32_t>::max());
  kept_ = new (::operator new(sizeof(Kept) + text.size())) Kept;
  kept_->size = static_cast<std::uint32_t>(text.size());
  std::memcpy(kept_->characters(), text.data(), text.size());
}

SharedText::SharedText(const SharedText& other) : kept_(other.kept_) {
  if (kept_) kept_->holders.fetch_add(1, std::memory_order_relaxed);
}

SharedText::~SharedText() {
  if (!kept_ || kept_->holders.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  kept_->~Kept();
  ::operator delete(kept_);
}

std::string_view SharedText::view() const {
  return kept_ ? std::string_view(kept_->characters(), kept_->size) : std::string_view();
}

bool SharedText::is_alone() const {
  return kept_ && kept_->holders.load(std::memory_order_relaxed) == 1;
}

std::string SharedText::joined_with(std::string_view end) const {
  std::string all;
  all.reserve(size() + end.size());
  return all.append(view()).append(end);
}

}  // namespace tocsin
