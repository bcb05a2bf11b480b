//! `wasi:sockets/tcp`, with connections that end when something was revoked.

use std::task::{Context, Waker};

use wasmtime::component::{Resource, ResourceTable};
use wasmtime_wasi::p2::bindings::sockets::network::{ErrorCode, IpAddressFamily, IpSocketAddress};
use wasmtime_wasi::p2::bindings::sockets::tcp::{Duration, Host, HostTcpSocket, ShutdownType};
use wasmtime_wasi::p2::pipe::{ClosedInputStream, ClosedOutputStream};
use wasmtime_wasi::p2::{
    DynInputStream, DynOutputStream, DynPollable, Network, Pollable as _, SocketResult, TcpSocket,
};

use super::stream::Guarded;
use super::{NetView, driver};
use crate::capability::permit::Permit;

type Socket = Resource<TcpSocket>;
type Streams = (Resource<DynInputStream>, Resource<DynOutputStream>);

impl NetView<'_> {
    /// Whether the instance may still use what it has open.
    fn alive(&self) -> SocketResult<()> {
        if self.own.gate.is_ended() { Err(ErrorCode::AccessDenied.into()) } else { Ok(()) }
    }
}

/// Puts the guard around both streams, where they stand.
fn guard(table: &mut ResourceTable, (input, output): &Streams, permit: &Permit) -> SocketResult<()> {
    let place = table.get_mut(input)?;
    let stream = std::mem::replace(place, Box::new(ClosedInputStream));
    *place = Box::new(Guarded::new(stream, permit.clone()));
    let place = table.get_mut(output)?;
    let stream = std::mem::replace(place, Box::new(ClosedOutputStream));
    *place = Box::new(Guarded::new(stream, permit.clone()));
    Ok(())
}

impl Host for NetView<'_> {}

impl HostTcpSocket for NetView<'_> {
    async fn start_bind(
        &mut self,
        socket: Socket,
        network: Resource<Network>,
        local: IpSocketAddress,
    ) -> SocketResult<()> {
        self.inner().start_bind(socket, network, local).await
    }

    fn finish_bind(&mut self, socket: Socket) -> SocketResult<()> {
        self.inner().finish_bind(socket)
    }

    fn start_connect(
        &mut self,
        socket: Socket,
        network: Resource<Network>,
        remote: IpSocketAddress,
    ) -> SocketResult<()> {
        self.alive()?;
        let rep = socket.rep();
        self.inner().start_connect(socket, network, remote)?;
        // The first poll asks the gate and makes the connection known to the driver; from then on it
        // can be waited for anywhere.
        let driver = driver::handle()?;
        let _entered = driver.enter();
        let socket = self.table.get_mut(&Socket::new_borrow(rep))?;
        _ = socket.ready().as_mut().poll(&mut Context::from_waker(Waker::noop()));
        Ok(())
    }

    fn finish_connect(&mut self, socket: Socket) -> SocketResult<Streams> {
        self.alive()?;
        let streams = self.inner().finish_connect(socket)?;
        guard(self.table, &streams, self.own.gate.permit())?;
        Ok(streams)
    }

    async fn start_listen(&mut self, socket: Socket) -> SocketResult<()> {
        self.inner().start_listen(socket).await
    }

    fn finish_listen(&mut self, socket: Socket) -> SocketResult<()> {
        self.inner().finish_listen(socket)
    }

    fn accept(
        &mut self,
        _: Socket,
    ) -> SocketResult<(Socket, Resource<DynInputStream>, Resource<DynOutputStream>)> {
        // no socket listens
        Err(ErrorCode::InvalidState.into())
    }

    fn local_address(&mut self, socket: Socket) -> SocketResult<IpSocketAddress> {
        self.inner().local_address(socket)
    }

    fn remote_address(&mut self, socket: Socket) -> SocketResult<IpSocketAddress> {
        self.inner().remote_address(socket)
    }

    fn is_listening(&mut self, socket: Socket) -> wasmtime::Result<bool> {
        self.inner().is_listening(socket)
    }

    fn address_family(&mut self, socket: Socket) -> wasmtime::Result<IpAddressFamily> {
        HostTcpSocket::address_family(&mut self.inner(), socket)
    }

    fn set_listen_backlog_size(&mut self, socket: Socket, value: u64) -> SocketResult<()> {
        self.inner().set_listen_backlog_size(socket, value)
    }

    fn keep_alive_enabled(&mut self, socket: Socket) -> SocketResult<bool> {
        self.inner().keep_alive_enabled(socket)
    }

    fn set_keep_alive_enabled(&mut self, socket: Socket, value: bool) -> SocketResult<()> {
        self.inner().set_keep_alive_enabled(socket, value)
    }

    fn keep_alive_idle_time(&mut self, socket: Socket) -> SocketResult<Duration> {
        self.inner().keep_alive_idle_time(socket)
    }

    fn set_keep_alive_idle_time(&mut self, socket: Socket, value: Duration) -> SocketResult<()> {
        self.inner().set_keep_alive_idle_time(socket, value)
    }

    fn keep_alive_interval(&mut self, socket: Socket) -> SocketResult<Duration> {
        self.inner().keep_alive_interval(socket)
    }

    fn set_keep_alive_interval(&mut self, socket: Socket, value: Duration) -> SocketResult<()> {
        self.inner().set_keep_alive_interval(socket, value)
    }

    fn keep_alive_count(&mut self, socket: Socket) -> SocketResult<u32> {
        self.inner().keep_alive_count(socket)
    }

    fn set_keep_alive_count(&mut self, socket: Socket, value: u32) -> SocketResult<()> {
        self.inner().set_keep_alive_count(socket, value)
    }

    fn hop_limit(&mut self, socket: Socket) -> SocketResult<u8> {
        self.inner().hop_limit(socket)
    }

    fn set_hop_limit(&mut self, socket: Socket, value: u8) -> SocketResult<()> {
        self.inner().set_hop_limit(socket, value)
    }

    fn receive_buffer_size(&mut self, socket: Socket) -> SocketResult<u64> {
        HostTcpSocket::receive_buffer_size(&mut self.inner(), socket)
    }

    fn set_receive_buffer_size(&mut self, socket: Socket, value: u64) -> SocketResult<()> {
        HostTcpSocket::set_receive_buffer_size(&mut self.inner(), socket, value)
    }

    fn send_buffer_size(&mut self, socket: Socket) -> SocketResult<u64> {
        HostTcpSocket::send_buffer_size(&mut self.inner(), socket)
    }

    fn set_send_buffer_size(&mut self, socket: Socket, value: u64) -> SocketResult<()> {
        HostTcpSocket::set_send_buffer_size(&mut self.inner(), socket, value)
    }

    fn subscribe(&mut self, socket: Socket) -> wasmtime::Result<Resource<DynPollable>> {
        HostTcpSocket::subscribe(&mut self.inner(), socket)
    }

    fn shutdown(&mut self, socket: Socket, how: ShutdownType) -> SocketResult<()> {
        self.inner().shutdown(socket, how)
    }

    fn drop(&mut self, socket: Socket) -> wasmtime::Result<()> {
        HostTcpSocket::drop(&mut self.inner(), socket)
    }
}
