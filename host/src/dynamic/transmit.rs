//! Streams and futures of plain values: calls by name pass the one as lists, the other as what comes of
//! them.
//!
//! wasmtime reads and writes them by types of Rust alone, so each type of an element is named here, and
//! others cannot be passed.

use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use tokio::sync::oneshot;
use wasmtime::component::{
    ComponentType, FutureAny, FutureConsumer, FutureReader, Lift, Lower, Source, StreamAny, StreamConsumer,
    StreamReader, StreamResult, Type, Val,
};
use wasmtime::{Store, StoreContextMut};

use crate::capability::State;
use crate::plugin::TransferExceeded;

type OwnStore = Store<State<()>>;

/// So many elements are taken at once.
const CHUNK: usize = 4096;

/// The streams and futures of a result, while they are read, in the order in which they stand there.
pub(super) struct Reading(Vec<Pending>);

/// One of them.
struct Pending {
    values: Values,
    /// Fails when nothing more can come.
    end: oneshot::Receiver<()>,
}

/// What came so far.
type Values = Arc<Mutex<Vec<Val>>>;

/// Takes what comes.
struct Collector<T> {
    values: Values,
    /// Bytes that may still come, by all of a result.
    left: Arc<AtomicUsize>,
    /// Dropped when nothing more can come.
    end: Option<oneshot::Sender<()>>,
    _of: PhantomData<fn() -> T>,
}

#[derive(Clone, Copy)]
enum Kind {
    Stream,
    Future,
}

/// A value that streams and futures may have.
trait Element: ComponentType + Lift + Lower + Send + Sync + Unpin + 'static {
    fn into_val(self) -> Val;
    fn from_val(value: Val) -> Option<Self>;
}

macro_rules! elements {
    ($($case:ident: $ty:ty,)+) => {
        $(impl Element for $ty {
            fn into_val(self) -> Val {
                Val::$case(self)
            }

            fn from_val(value: Val) -> Option<Self> {
                if let Val::$case(value) = value { Some(value) } else { None }
            }
        })+

        /// Whether streams and futures of these can be passed.
        fn is_element(ty: &Type) -> bool {
            matches!(ty, $(Type::$case)|+)
        }

        fn read(of: &Type, store: &mut OwnStore, value: &Val, left: &Arc<AtomicUsize>) -> wasmtime::Result<Pending> {
            match of {
                $(Type::$case => read_typed::<$ty>(store, value, left),)+
                _ => wasmtime::bail!("no element: {of:?}"),
            }
        }

        fn write(kind: Kind, of: &Type, store: &mut OwnStore, value: Val) -> wasmtime::Result<Val> {
            match of {
                $(Type::$case => write_typed::<$ty>(kind, store, value),)+
                _ => wasmtime::bail!("no element: {of:?}"),
            }
        }
    };
}

elements! {
    Bool: bool,
    S8: i8,
    U8: u8,
    S16: i16,
    U16: u16,
    S32: i32,
    U32: u32,
    S64: i64,
    U64: u64,
    Float32: f32,
    Float64: f64,
    Char: char,
    String: String,
}

/// What a stream or future is of, if calls by name can pass it.
#[must_use]
pub fn stream_element(ty: &Type) -> Option<Type> {
    let of = match ty {
        Type::Stream(stream) => stream.ty(),
        Type::Future(future) => future.ty(),
        _ => None,
    };
    of.filter(is_element)
}

/// Puts streams and futures in the places of the lists and values that stand for them.
pub(super) fn send(store: &mut OwnStore, ty: &Type, argument: &mut Val) -> wasmtime::Result<()> {
    each(ty, argument, &mut |kind, of, value| {
        let own = std::mem::replace(value, Val::Bool(false));
        *value = write(kind, of, store, own)?;
        Ok(())
    })
}

impl Reading {
    /// Begins to read all streams and futures in a result, of which so many bytes may come.
    pub(super) fn begin(
        store: &mut OwnStore,
        ty: &Type,
        result: &mut Val,
        bytes: usize,
    ) -> wasmtime::Result<Reading> {
        let left = Arc::new(AtomicUsize::new(bytes));
        let mut begun = Vec::new();
        each(ty, result, &mut |_, of, value| {
            begun.push(read(of, store, value, &left)?);
            Ok(())
        })?;
        Ok(Reading(begun))
    }

    /// Runs the plugin until all of them have ended, and puts what came in their places.
    pub(super) async fn end(self, store: &mut OwnStore, ty: &Type, result: &mut Val) -> wasmtime::Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        let mut came = Vec::new();
        store
            .run_concurrent(async |_| {
                for Pending { values, end } in self.0 {
                    // nothing is ever sent: the other side is dropped with the stream
                    drop(end.await);
                    came.push(std::mem::take(&mut *lock(&values)));
                }
            })
            .await?;
        let mut came = came.into_iter();
        each(ty, result, &mut |kind, _, value| {
            let mut values = came.next().unwrap_or_default();
            *value = match kind {
                Kind::Stream => Val::List(values),
                Kind::Future => values.pop().ok_or_else(|| wasmtime::Error::msg("a future had no value"))?,
            };
            Ok(())
        })
    }
}

fn read_typed<T: Element>(
    store: &mut OwnStore,
    value: &Val,
    left: &Arc<AtomicUsize>,
) -> wasmtime::Result<Pending> {
    let values = Values::default();
    let (sender, end) = oneshot::channel();
    let collector = Collector::<T> {
        values: Arc::clone(&values),
        left: Arc::clone(left),
        end: Some(sender),
        _of: PhantomData,
    };
    match value {
        Val::Stream(stream) => stream.clone().try_into_stream_reader::<T>()?.pipe(store, collector)?,
        Val::Future(future) => future.clone().try_into_future_reader::<T>()?.pipe(store, collector)?,
        _ => wasmtime::bail!("neither a stream nor a future"),
    }
    Ok(Pending { values, end })
}

fn write_typed<T: Element>(kind: Kind, store: &mut OwnStore, value: Val) -> wasmtime::Result<Val> {
    let unfit = || wasmtime::Error::msg("the value is of another type");
    match (kind, value) {
        (Kind::Stream, Val::List(values)) => {
            let values = values.into_iter().map(T::from_val).collect::<Option<Vec<T>>>().ok_or_else(unfit)?;
            let reader = StreamReader::new(&mut *store, values)?;
            Ok(Val::Stream(StreamAny::try_from_stream_reader(store, reader)?))
        }
        (Kind::Stream, _) => Err(unfit()),
        (Kind::Future, value) => {
            let value = T::from_val(value).ok_or_else(unfit)?;
            let reader = FutureReader::new(&mut *store, async { wasmtime::error::Ok(value) })?;
            Ok(Val::Future(FutureAny::try_from_future_reader(store, reader)?))
        }
    }
}

impl<T: Element> Collector<T> {
    fn take(&self, store: StoreContextMut<'_, State<()>>, mut source: Source<'_, T>) -> wasmtime::Result<()> {
        let mut store = store;
        let mut came = Vec::with_capacity(source.remaining(&mut store).min(CHUNK));
        source.read(&mut store, &mut came)?;
        let mut values = lock(&self.values);
        for value in came.into_iter().map(T::into_val) {
            let bytes = size_of::<Val>() + if let Val::String(text) = &value { text.len() } else { 0 };
            let charged = self.left.try_update(SeqCst, SeqCst, |left| left.checked_sub(bytes));
            charged.map_err(|_| TransferExceeded)?;
            values.push(value);
        }
        Ok(())
    }
}

impl<T: Element> StreamConsumer<State<()>> for Collector<T> {
    type Item = T;

    fn poll_consume(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        store: StoreContextMut<'_, State<()>>,
        source: Source<'_, T>,
        _: bool,
    ) -> Poll<wasmtime::Result<StreamResult>> {
        Poll::Ready(self.take(store, source).map(|()| StreamResult::Completed))
    }
}

impl<T: Element> FutureConsumer<State<()>> for Collector<T> {
    type Item = T;

    fn poll_consume(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        store: StoreContextMut<'_, State<()>>,
        source: Source<'_, T>,
        _: bool,
    ) -> Poll<wasmtime::Result<()>> {
        let own = self.get_mut();
        own.take(store, source)?;
        own.end = None;
        Poll::Ready(Ok(()))
    }
}

fn lock(values: &Values) -> MutexGuard<'_, Vec<Val>> {
    values.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is done with each stream and future, or with what stands for it.
type Visit<'a> = &'a mut dyn FnMut(Kind, &Type, &mut Val) -> wasmtime::Result<()>;

/// All streams and futures of elements in a value, in the order in which they stand there.
fn each(ty: &Type, value: &mut Val, visit: Visit<'_>) -> wasmtime::Result<()> {
    if let Some(of) = stream_element(ty) {
        let kind = if matches!(ty, Type::Stream(_)) { Kind::Stream } else { Kind::Future };
        return visit(kind, &of, value);
    }
    match (ty, value) {
        (Type::List(list), Val::List(values)) => {
            let of = list.ty();
            values.iter_mut().try_for_each(|value| each(&of, value, visit))
        }
        (Type::FixedLengthList(list), Val::FixedLengthList(values)) => {
            let of = list.ty();
            values.iter_mut().try_for_each(|value| each(&of, value, visit))
        }
        (Type::Map(map), Val::Map(pairs)) => {
            let of = map.value();
            pairs.iter_mut().try_for_each(|(_, value)| each(&of, value, visit))
        }
        (Type::Tuple(tuple), Val::Tuple(values)) => {
            tuple.types().zip(values).try_for_each(|(ty, value)| each(&ty, value, visit))
        }
        (Type::Record(record), Val::Record(fields)) => {
            record.fields().zip(fields).try_for_each(|(field, (_, value))| each(&field.ty, value, visit))
        }
        (Type::Variant(variant), Val::Variant(name, Some(payload))) => {
            let case = variant.cases().find(|case| case.name == name);
            case.and_then(|case| case.ty).map_or(Ok(()), |ty| each(&ty, payload, visit))
        }
        (Type::Option(option), Val::Option(Some(value))) => each(&option.ty(), value, visit),
        (Type::Result(result), Val::Result(Ok(Some(value)))) => {
            result.ok().map_or(Ok(()), |ty| each(&ty, value, visit))
        }
        (Type::Result(result), Val::Result(Err(Some(value)))) => {
            result.err().map_or(Ok(()), |ty| each(&ty, value, visit))
        }
        _ => Ok(()),
    }
}
