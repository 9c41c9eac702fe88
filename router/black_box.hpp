// Remembers, beyond the death of the process, what it was deciding: a page of a file mapped
// into memory, so that a note costs no system call. A power cut forgets it, which is no loss: a
// record that kills the process does so again.
#pragma once

#include <filesystem>
#include <memory>

#include "router/core/result.hpp"
#include "router/engine/owner/suspicion.hpp"

namespace tocsin {

class MappedBlackBox final : public engine::BlackBox {
 public:
  /// Made if it is missing, begun anew if it cannot be read. Errors: unavailable.
  static Result<std::unique_ptr<MappedBlackBox>> open(const std::filesystem::path& path);
  ~MappedBlackBox() override;

  void begin(Partition partition, const RecordId* alone) override;
  void end() override;
  Death earlier() const override { return earlier_; }

 private:
  struct Page;
  explicit MappedBlackBox(Page* page);

  Page* page_;
  Death earlier_;
};

}  // namespace tocsin
