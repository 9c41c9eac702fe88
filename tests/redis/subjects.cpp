// Redis' store, for the contract suite.
#include "tests/redis/server.hpp"
#include "tests/store/subject.hpp"

namespace tocsin::store::testing {

Subject each_store() {
  Server& server = Server::fresh();
  return {"redis", {}, open(options_for(server)), [&server] { server.ask({"FLUSHALL"}); }};
}

}  // namespace tocsin::store::testing
