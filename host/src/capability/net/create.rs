//! New sockets, as many as the limit allows.

use std::any::Any;

use wasmtime::component::Resource;
use wasmtime_wasi::p2::bindings::sockets::network::{ErrorCode, IpAddressFamily};
use wasmtime_wasi::p2::bindings::sockets::{tcp_create_socket, udp_create_socket};
use wasmtime_wasi::p2::{SocketResult, TcpSocket, UdpSocket};

use super::NetView;
use super::driver::driven;

impl NetView<'_> {
    /// Whether there may be one more socket.
    fn room(&mut self) -> SocketResult<()> {
        if self.own.gate.is_ended() {
            return Err(ErrorCode::AccessDenied.into());
        }
        let is_socket = |entry: &&mut (dyn Any + Send)| entry.is::<TcpSocket>() || entry.is::<UdpSocket>();
        let open = self.table.iter_mut().filter(is_socket).count();
        if open < self.own.most { Ok(()) } else { Err(ErrorCode::NewSocketLimit.into()) }
    }
}

impl tcp_create_socket::Host for NetView<'_> {
    fn create_tcp_socket(&mut self, family: IpAddressFamily) -> SocketResult<Resource<TcpSocket>> {
        self.room()?;
        tcp_create_socket::Host::create_tcp_socket(&mut self.inner(), family)
    }
}

impl udp_create_socket::Host for NetView<'_> {
    async fn create_udp_socket(&mut self, family: IpAddressFamily) -> SocketResult<Resource<UdpSocket>> {
        self.room()?;
        driven(udp_create_socket::Host::create_udp_socket(&mut self.inner(), family)).await?
    }
}
