#include "router/black_box.hpp"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>

namespace tocsin {
namespace {

constexpr std::uint64_t kMagic = 0x31786f62'6c636f74;
constexpr std::size_t kPageBytes = 4096;
constexpr std::size_t kMostSuspects = 64;

}  // namespace

// Numbers only, so that whatever a dying process left can be read.
struct MappedBlackBox::Page {
  struct Suspect {
    std::uint64_t boot, sequence;
    std::uint32_t partition, times;

    RecordId id() const { return {boot, static_cast<Partition>(partition), sequence}; }
  };
  std::uint64_t magic;
  std::atomic<std::uint32_t> deciding;  // 1: a decision is under way
  std::uint32_t partition;
  std::uint32_t alone;  // 1: over `current` alone
  std::uint32_t suspects;
  Suspect current;
  Suspect suspect[kMostSuspects];

  Suspect* find(const RecordId& id) {
    for (std::uint32_t i = 0; i < suspects; ++i)
      if (suspect[i].id() == id) return &suspect[i];
    return nullptr;
  }
  void blame(const Suspect& who) {
    if (Suspect* const known = find(who.id())) {
      ++known->times;
    } else if (suspects < kMostSuspects) {
      suspect[suspects] = who;
      suspect[suspects++].times = 1;
    }
  }
  void clear(const RecordId& id) {
    if (Suspect* const known = find(id)) *known = suspect[--suspects];
  }
};

Result<std::unique_ptr<MappedBlackBox>> MappedBlackBox::open(const std::filesystem::path& path) {
  static_assert(sizeof(Page) <= kPageBytes);
  const auto failed = [&] {
    return unavailable(path.string() + ": cannot map it: " + strerror(errno));
  };
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return failed();
  if (::ftruncate(file, kPageBytes) != 0) {
    ::close(file);
    return failed();
  }
  void* const mapped = ::mmap(nullptr, kPageBytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  ::close(file);
  if (mapped == MAP_FAILED) return failed();
  return std::unique_ptr<MappedBlackBox>(new MappedBlackBox(static_cast<Page*>(mapped)));
}

MappedBlackBox::MappedBlackBox(Page* page) : page_(page) {
  if (page_->magic != kMagic || page_->suspects > kMostSuspects) {
    memset(static_cast<void*>(page_), 0, kPageBytes);
    page_->magic = kMagic;
  }
  if (page_->deciding.load() == 1) {
    earlier_.partition = static_cast<Partition>(page_->partition);
    earlier_.batch = page_->alone == 0;
    if (page_->alone == 1) page_->blame(page_->current);
    page_->deciding = 0;
  }
  for (std::uint32_t i = 0; i < page_->suspects; ++i)
    earlier_.alone[page_->suspect[i].id()] = page_->suspect[i].times;
}

MappedBlackBox::~MappedBlackBox() { ::munmap(page_, kPageBytes); }

void MappedBlackBox::begin(Partition partition, const RecordId* alone) {
  page_->partition = partition;
  page_->alone = alone ? 1 : 0;
  if (alone) page_->current = {alone->boot, alone->sequence, alone->partition, 0};
  page_->deciding.store(1, std::memory_order_release);
}

void MappedBlackBox::end() {
  if (page_->alone == 1) page_->clear(page_->current.id());
  page_->deciding.store(0, std::memory_order_release);
}

}  // namespace tocsin
