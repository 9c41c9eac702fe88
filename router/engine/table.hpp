// Alerts and incidents by their id, and a look at all of them as they are at one moment while they
// go on changing.
//
// To write down a hundred thousand incidents takes seconds. Copied first, they would take as much
// memory again, and nobody may fold meanwhile if they are not. So whoever changes one that the look
// has not come to yet leaves it a copy; all others are read where they are.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace tocsin::engine {

/// A map of Key → T, in no order. Whatever is in it stays at its place until it is erased. Whoever
/// changes it keeps everybody else from it meanwhile, the look's next() as well.
template <class Key, class T>
class Table {
 public:
  using Map = std::unordered_map<Key, T>;
  using const_iterator = typename Map::const_iterator;
  using value_type = typename Map::value_type;

  class Look;

  Table() = default;
  Table(const Table& other) : all_(other.all_) {}
  Table(Table&& other) noexcept {
    other.end_look();
    all_ = std::move(other.all_);
  }
  Table& operator=(Table other) noexcept {
    end_look();
    all_ = std::move(other.all_);
    return *this;
  }
  ~Table() { end_look(); }

  const_iterator begin() const { return all_.begin(); }
  const_iterator end() const { return all_.end(); }
  const_iterator find(const Key& id) const { return all_.find(id); }
  const T& at(const Key& id) const { return all_.at(id); }
  bool contains(const Key& id) const { return all_.contains(id); }
  std::size_t size() const { return all_.size(); }
  bool empty() const { return all_.empty(); }
  bool operator==(const Table& other) const { return all_ == other.all_; }

  /// For changing it; null: it is not there.
  T* edit(const Key& id) {
    const auto found = all_.find(id);
    if (found == all_.end()) return nullptr;
    if (look_) look_->keep(found->first, found->second);
    return &found->second;
  }
  T& at(const Key& id) {
    edit(id);
    return all_.at(id);
  }
  template <class Value>
  T& insert_or_assign(const Key& id, Value&& value) {
    if (T* const known = edit(id)) return *known = std::forward<Value>(value);
    if (look_) look_->later_.insert(id);
    return all_.emplace(id, std::forward<Value>(value)).first->second;
  }
  void erase(const Key& id) {
    edit(id);
    all_.erase(id);
  }

  /// Whoever looks has seen all that there is to see: look->is_whole() says no, if it was not all.
  void end_look() {
    if (look_) std::exchange(look_, nullptr)->table_ = nullptr;
  }

 private:
  Map all_;
  mutable Look* look_ = nullptr;
};

/// What the table had when this was made, in the order of the ids. One at a time.
template <class Key, class T>
class Table<Key, T>::Look {
 public:
  /// Nobody may change the table meanwhile, nor while the look is destroyed.
  explicit Look(const Table& table) : table_(&table) {
    ids_.reserve(table.all_.size());
    for (const auto& each : table.all_) ids_.push_back(each.first);
    table.look_ = this;
  }
  ~Look() {
    if (table_) table_->look_ = nullptr;
  }
  Look(const Look&) = delete;
  Look& operator=(const Look&) = delete;

  std::size_t size() const { return ids_.size(); }
  /// Once, before the first of them. The table may change meanwhile.
  void sort() { std::sort(ids_.begin(), ids_.end()); }
  /// The next of them, which lives until the one after it is asked for or the table may change
  /// again; null: there are no more.
  const T* next() {
    if (!table_ || place_ == ids_.size()) return nullptr;
    passed_ = ids_[place_++];
    kept_now_ = kept_.extract(*passed_);
    return kept_now_ ? &kept_now_.mapped() : &table_->all_.at(*passed_);
  }
  /// next() gave all of them.
  bool is_whole() const { return place_ == ids_.size(); }

 private:
  friend class Table;

  // As it was, unless it came by already or is kept.
  void keep(const Key& id, const T& value) {
    if ((!passed_ || *passed_ < id) && !later_.contains(id)) kept_.try_emplace(id, value);
  }

  const Table* table_;  // null: it is gone
  std::vector<Key> ids_;
  std::size_t place_ = 0;
  std::optional<Key> passed_;  // the last that next() gave
  std::map<Key, T> kept_;
  std::unordered_set<Key> later_;  // came after this was made
  typename std::map<Key, T>::node_type kept_now_;
};

}  // namespace tocsin::engine
