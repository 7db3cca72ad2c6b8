/* What the editor asks of the server. In: addresses, the name of the token's cookie, the token that came with the page. Out: answers as
   {status, ...}; status 0: nobody answered, 401: the login has ended. Must not throw for anything that a network or a server may do. */

export function createServer(addresses, cookie, token) {
  /* A login in another tab makes a new token, and the page's own is worth nothing from then on: the cookie has the one that counts. */
  function tokenNow() {
    const found = document.cookie.split("; ").find((each) => each.startsWith(`${cookie}=`));
    return found === undefined ? token : found.slice(cookie.length + 1);
  }

  async function ask(address, body, headers) {
    try {
      const answer = await fetch(address, { method: "POST", body, headers: { "X-CSRFToken": tokenNow(), ...headers }, credentials: "same-origin" });
      if (answer.redirected) return { status: 401 };
      const isJson = (answer.headers.get("content-type") || "").startsWith("application/json");
      return { status: answer.status, ...(isJson ? await answer.json() : {}) };
    } catch (error) {
      return { status: 0, message: error.message };
    }
  }

  const send = (address, value) => ask(address, JSON.stringify(value), { "Content-Type": "application/json" });

  return {
    draft: (state) => send(addresses.draft, state),
    save: (state) => send(addresses.save, state),
    upload: (file) => {
      const form = new FormData();
      form.append("file", file);
      return ask(addresses.images, form, {});
    },
  };
}
