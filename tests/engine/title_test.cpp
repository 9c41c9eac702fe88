#include "router/engine/title.hpp"

#include "tests/catch.hpp"

using namespace tocsin;
using tocsin::engine::title_of;

namespace {

Alert called(const std::string& name, const std::string& says,
             const std::string& annotation = "summary") {
  Alert alert;
  alert.key = "key";
  if (!name.empty()) alert.labels = Fields({{"alertname", name}});
  if (!says.empty()) alert.annotations = Fields({{annotation, says}});
  return alert;
}

}  // namespace

TEST_CASE("a title is the name and what is said of it and says nothing twice") {
  CHECK(title_of(called("DiskFull", "/var is full")) == "DiskFull: /var is full");
  CHECK(title_of(called("DiskFull", "/var is full", "message")) == "DiskFull: /var is full");
  CHECK(title_of(called("DiskFull", "")) == "DiskFull");
  CHECK(title_of(called("", "")) == "key");
  CHECK(title_of(called("", "/var is full")) == "/var is full");
  CHECK(title_of(called("Disk full", "Disk full")) == "Disk full");
  CHECK(title_of(called("Disk full", "Disk full on /var")) == "Disk full on /var");
  CHECK(title_of(called("Disk full", "/var: Disk full")) == "Disk full: /var: Disk full");
  CHECK(title_of(called("a\nb", "")) == "a b");
}

TEST_CASE("a name with places for values is not shown beside the one that has them") {
  CHECK(title_of(called("Few orders: {share:.1f}% on {entity}", "Few orders: 80.6% on shop")) ==
        "Few orders: 80.6% on shop");
  CHECK(title_of(called("{share:.1f}% fewer orders", "80.6% fewer orders")) ==
        "80.6% fewer orders");
  CHECK(title_of(called("Few orders: {share:.1f}%", "")) == "Few orders: {share:.1f}%");
  CHECK(title_of(called("Load on {host:a}", "it rises")) == "Load on {host:a}: it rises");
  CHECK(title_of(called("{odd", "it rises")) == "{odd: it rises");
}
